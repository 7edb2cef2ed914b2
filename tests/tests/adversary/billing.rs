//! What an adversary tries against the money, and what comes of it. `docs/billing.md` has the table.

use gridweave_testkit::billing::{Billing, COLLATERAL, events};
use gridweave_types::billing::ExecuteMsg;

/// Homes with 50 currency units each, a grid account with 100.
fn funded(homes: u32) -> Billing {
    let mut billing = Billing::new(homes);
    billing.fund(100_000_000).expect("coins");
    for number in 0..homes as usize {
        billing.top_up(number, 50_000_000).expect("coins");
    }
    billing
}

#[test]
fn an_account_without_money_delays_nobody() {
    let mut billing = Billing::new(3);
    billing.fund(10_000_000).expect("coins");
    for number in 0..3 {
        billing.top_up(number, COLLATERAL).expect("coins");
    }
    let rows = [
        (0, 0, 3_000, 1_000_000),
        (1, 0, -9_000, 1_000_000),
        (2, 0, 500, 1_000_000),
    ];
    billing.commit(&rows).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(billing.account(1).arrears.u128(), 8_000_000);
    assert!(billing.account(1).suspended);
    for (number, paid) in [(0, 3_000_000), (2, 500_000)] {
        assert_eq!(billing.account(number).balance.u128(), paid);
        billing.withdraw(number, paid).expect("it is there");
    }
    billing.assert_closed(0);
    billing.assert_books_balance();
}

#[test]
fn a_lying_meter_takes_from_the_grid_account_only_until_the_operator_decides() {
    let mut billing = funded(2);
    let rows = [(0, 0, -4_000, 250_000), (1, 0, -4_000, 250_000)];
    billing.commit(&rows).expect("in time");
    billing.at(1, 10);
    // Home 0 drew 4 kWh and says 1.
    billing.read(0, 0, &[-1_000]).expect("it is plausible");
    billing.read(1, 0, &[-4_000]).expect("in time");
    let root = billing.root.next(false, 0, &[8_200]);
    billing
        .anyone(&ExecuteMsg::SubmitReadings(root))
        .expect("the root has a meter");
    let account = Some(billing.home(0).to_string());
    let dispute = ExecuteMsg::Dispute {
        account,
        interval: 0,
    };
    billing.operate(&dispute).expect("the operator may");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    assert_eq!(
        billing.amount(1, 0),
        -1_000_000,
        "the neighbour pays its own"
    );
    // The root saw 4.2 kWh more than the one line that is settled: the lie shows as losses.
    let losses = billing.interval(0).losses.map(|losses| losses.i64());
    assert_eq!(losses, Some(4_200));
    billing
        .resolve(0, 0, Some(-4_000))
        .expect("the operator may");
    billing.settle(0).expect("nothing holds it");
    assert_eq!(billing.amount(0, 0), -1_000_000);
    let losses = billing.interval(0).losses.map(|losses| losses.i64());
    assert_eq!(losses, Some(200));
    billing.assert_closed(0);
}

#[test]
fn an_undetected_lie_costs_the_penalty_and_nobody_elses_money() {
    let honest = {
        let mut billing = funded(2);
        billing.commit(&[(1, 0, 2_000, 250_000)]).expect("in time");
        billing.until_settlement(0);
        billing.settle(0).expect("it is time");
        billing.net(1)
    };
    let mut billing = funded(2);
    let rows = [(0, 0, -4_000, 250_000), (1, 0, 2_000, 250_000)];
    billing.commit(&rows).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[-1_000]).expect("it is plausible");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    // The 3 kWh "not drawn" are bought back at 0.225, not 0.25.
    assert_eq!(billing.amount(0, 0), -1_000_000 + 750_000 - 75_000);
    assert_eq!(billing.net(1), honest);
    billing.assert_closed(0);
}

#[test]
fn a_meter_that_stops_pays_its_promises_and_soon_gets_no_more() {
    let mut billing = funded(2);
    let rows: Vec<_> = (0..4).map(|t| (0, t, -1_000, 250_000)).collect();
    billing.commit(&rows).expect("in time");
    billing.commit(&[(1, 0, -1_000, 250_000)]).expect("in time");
    billing.at(1, 10);
    billing.read(1, 0, &[-1_000]).expect("in time");
    billing.until_settlement(3);
    for interval in 0..4 {
        billing.settle(interval).expect("it is time");
        assert_eq!(billing.amount(0, interval), -250_000);
    }
    assert_eq!(billing.account(0).silent, 4);
    assert!(billing.account(0).suspended);
    let response = billing.commit(&[(0, 40, -1, 1), (1, 40, -1, 1)]);
    let response = response.expect("the others go on");
    assert_eq!(events(&response, "commitments_skipped").len(), 1);
    assert_eq!(billing.interval(40).lines, 1);
    // It speaks again: everything is trued up and the account may promise again.
    billing.read(0, 0, &[-1_200; 4]).expect("in sequence");
    assert_eq!(billing.amount(0, 0), -250_000 - 50_000 - 5_000);
    assert!(!billing.account(0).suspended);
    billing.assert_books_balance();
}

#[test]
fn rounding_cannot_be_drained() {
    let mut billing = funded(1);
    let before = billing.net(0);
    // 499 Wh at 1 µ/kWh sold in each of many intervals is worth half a µ each.
    let rows: Vec<_> = (0..40).map(|t| (0, t, 499, 1)).collect();
    billing.commit(&rows).expect("in time");
    for first in (0..40).step_by(8) {
        billing.at(first + 8, 10);
        let readings = [499, 500, 499, 500, 499, 500, 499, 500];
        billing.read(0, first, &readings).expect("in time");
    }
    billing.until_settlement(39);
    for interval in 0..40 {
        billing.settle(interval).expect("it is time");
        billing.assert_closed(interval);
    }
    assert_eq!(
        billing.net(0),
        before - 20,
        "a µ of penalty for each deviation"
    );
    let dust = billing.books().dust.u128();
    assert_eq!(dust, 40 + 20 * 2, "and every fraction is in the reserve");
    billing.assert_books_balance();
}

#[test]
fn correcting_back_and_forth_gains_nothing() {
    let mut billing = funded(1);
    billing.commit(&[(0, 0, 333, 333)]).expect("in time");
    billing.at(1, 10);
    billing.read(0, 0, &[333]).expect("in time");
    billing.until_settlement(0);
    billing.settle(0).expect("it is time");
    let (net, dust) = (billing.net(0), billing.books().dust);
    for reading in [-7, 1_001, 332, 333] {
        billing
            .correct(0, 0, &[reading])
            .expect("the window is open");
        billing.assert_closed(0);
    }
    assert_eq!((billing.net(0), billing.books().dust), (net, dust));
    billing.assert_books_balance();
}

#[test]
fn coins_sent_past_the_messages_are_in_no_book() {
    let mut billing = funded(1);
    let (home, contract) = (billing.home(0), billing.contract.clone());
    let before = billing.books();
    let app = &mut billing.chain.suite.app;
    let coins = cosmwasm_std::coins(77, gridweave_testkit::DENOM);
    cw_multi_test::Executor::send_tokens(app, home, contract.clone(), &coins)
        .expect("the bank sends");
    assert_eq!(billing.books(), before);
    let held = before.balances + before.collateral + before.grid + before.reserve;
    assert_eq!(billing.coins(&contract), held.u128() + 77);
}

#[test]
fn malformed_addresses_are_refused_wherever_they_occur() {
    let mut billing = funded(1);
    let (home, operator) = (billing.home(0), billing.chain.suite.operator.clone());
    let bad = || "Not An Address".to_owned();
    let messages = [
        (
            "account",
            home.clone(),
            ExecuteMsg::Collect { account: bad() },
        ),
        (
            "recipient",
            home.clone(),
            ExecuteMsg::Release {
                recipient: Some(bad()),
            },
        ),
        (
            "contract",
            operator.clone(),
            ExecuteMsg::RemoveSource { contract: bad() },
        ),
        (
            "coordinator",
            home.clone(),
            ExecuteMsg::RecordSession {
                coordinator: bad(),
                session: 1,
                limit: None,
            },
        ),
        (
            "start_after",
            home.clone(),
            ExecuteMsg::Settle {
                interval: 0,
                start_after: Some(bad()),
                limit: None,
            },
        ),
        (
            "account",
            operator,
            ExecuteMsg::Resolve {
                account: bad(),
                interval: 0,
                reading: None,
            },
        ),
    ];
    for (field, sender, message) in messages {
        let before = billing.chain.suite.state(&billing.contract);
        let error = billing.send(&sender, &message, 0).unwrap_err().to_string();
        let expected = format!("{field}: 'Not An Address' is not an address");
        assert!(error.contains(&expected), "{error}");
        assert_eq!(billing.chain.suite.state(&billing.contract), before);
    }
}
