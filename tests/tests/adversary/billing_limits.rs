//! The largest numbers and the longest pages.

use gridweave_testkit::billing::{Billing, COLLATERAL, events};
use gridweave_testkit::coordinator::{Coordinator, FEEDER};
use gridweave_testkit::fixtures::prosumer;
use gridweave_types::billing::{ExecuteMsg, SourceKind};

#[test]
fn the_largest_energies_prices_and_factor_settle() {
    let chain = Coordinator::new(2);
    let mut billing = Billing::with(chain, |terms| {
        terms.limits.energy = 1_000_000_000_000u64.into();
        terms.limits.price = 1_000_000_000_000u64.into();
        terms.tariff.imbalance_bps = 10_000;
    });
    for number in 0..2 {
        billing.top_up(number, COLLATERAL).expect("coins");
    }
    let most = 1_000_000_000_000;
    let mut sources = vec![billing.market.clone()];
    for number in 0..30 {
        let source = billing.chain.suite.address(&format!("market {number}"));
        let contract = source.to_string();
        let kind = SourceKind::Recorder;
        let register = ExecuteMsg::RegisterSource { contract, kind };
        billing.operate(&register).expect("there is room");
        sources.push(source);
    }
    let register = ExecuteMsg::RegisterSource {
        contract: billing.home(0).to_string(),
        kind: SourceKind::Recorder,
    };
    let operator = billing.chain.suite.operator.clone();
    let expected = "number of sources is 33, expected at most 32";
    billing.refuses(&operator, &register, expected);
    let message = billing.commitments(&[(0, 0, most, most), (1, 0, -most, -most)], false);
    for source in sources {
        billing.send(&source, &message, 0).expect("at the limits");
    }
    billing.at(1, 10);
    billing.read(0, 0, &[-most]).expect("at the limits");
    billing.read(1, 0, &[most]).expect("at the limits");
    billing.until_settlement(0);
    billing.settle(0).expect("nothing overflows");
    billing.assert_closed(0);
    billing.assert_books_balance();
    // 31 times 10²⁴/1000 for the promise, 32 for the shortfall, and as much again for κ = 1.
    assert_eq!(billing.amount(0, 0), (31 - 32 - 32) * 10i128.pow(21));
}

#[test]
fn a_page_never_looks_at_more_than_its_limit() {
    let mut billing = Billing::new(190);
    let suite = &mut billing.chain.suite;
    let more: Vec<_> = (0..20)
        .map(|n| suite.address(&format!("more {n}")))
        .collect();
    let accounts = more.iter().map(|home| prosumer(home, FEEDER, 2)).collect();
    suite.register_accounts(accounts).expect("new accounts");
    billing.chain.prosumers.extend(more);
    for first in [0, 105] {
        let rows: Vec<_> = (first..first + 105).map(|n| (n, 0, -100, 1)).collect();
        billing.commit_as(&rows, true).expect("in time");
    }
    billing.until_settlement(0);
    let response = billing.settle(0).expect("it is time");
    assert_eq!(events(&response, "line_settled").len(), 200);
    assert_eq!(billing.interval(0).open, 10);
    let response = billing
        .anyone(&ExecuteMsg::Settle {
            interval: 0,
            start_after: Some(billing.home(199).to_string()),
            limit: Some(u32::MAX),
        })
        .expect("it is time");
    assert_eq!(events(&response, "line_settled").len(), 10);
    billing.assert_closed(0);
}
