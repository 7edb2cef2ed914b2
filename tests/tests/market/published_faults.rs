//! The faults of the published contract, each kept out by a test of its own.

use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{LIMIT, Market, packed, trade};
use gridweave_types::assets::{ExecuteMsg as AssetsMsg, PermitPart, Side};
use gridweave_types::market::ExecuteMsg;

/// Sellers 1 (near) and 2 (far), buyers 3 (near) and 4 (far), 1,000 Wh each in intervals 1 to 4.
fn market() -> Market {
    let mut market = Market::new();
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

/// There the consumption side of the external limit never bound.
#[test]
fn net_imports_are_limited() {
    let mut market = market();
    market.limit(FEEDER, [LIMIT, 299, LIMIT, LIMIT]).unwrap();
    market.finalize(0);
    let trades = [trade(1, 1, 3, 500, 15_000), trade(1, 2, 3, 300, 15_000)];
    let (reason, detail) = market.reject(&trades);
    assert_eq!(reason, "import");
    let expected =
        format!("T(6): feeder {FEEDER} would import 300 Wh net in interval 1, at most 299");
    assert_eq!(detail, expected);
}

/// There an unsigned subtraction wrapped, and valid trades in net-consuming feeders were rejected.
#[test]
fn net_consuming_feeders_may_trade() {
    let mut market = market();
    market.limit(FEEDER, [0, 300, LIMIT, LIMIT]).unwrap();
    // Sold 100 and bought 400 on the near feeder: an export of −300.
    market.accept(&[trade(1, 1, 3, 100, 15_000), trade(1, 2, 3, 300, 15_000)]);
    market.assert_candidate();
}

/// There anyone could finalize whenever it suited them, or append to another's solution.
#[test]
fn nobody_finalizes_early_or_appends_to_anothers_solution() {
    let mut market = market();
    let (solver, thief) = (market.solver.clone(), market.another("thief"));
    let genesis = market.assets.billing.genesis;
    let now = market.assets.billing.now();
    let finalize = ExecuteMsg::FinalizeInterval {
        interval: 0,
        limit: None,
    };
    let early = format!("finalization of interval 0 opens at {genesis}, now is {now}");
    market.refuses(&thief, &finalize, &early);
    let begin = ExecuteMsg::BeginSolution { round: 0 };
    market.send(&solver, &begin, 0).unwrap();
    let append = ExecuteMsg::AppendTrades {
        sequence: 0,
        trades: packed(0, &[trade(1, 1, 3, 1, 15_000)]),
    };
    let seal = ExecuteMsg::SealSolution {
        certificate: None,
        salt: None,
    };
    let nothing = format!("solver: {thief} has no solution begun");
    for message in [&append, &seal, &ExecuteMsg::AbandonSolution {}] {
        market.refuses(&thief, message, &nothing);
    }
    market.send(&solver, &append, 0).unwrap();
    market.send(&solver, &seal, 0).unwrap();
    assert_eq!(market.candidate().solver, Some(solver));
}

/// There neither prices nor assets were checked.
#[test]
fn prices_and_assets_are_checked() {
    let mut market = market();
    for price in [9_999, 20_001] {
        let (reason, detail) = market.reject(&[trade(1, 1, 3, 10, price)]);
        assert_eq!(reason, "price");
        let expected =
            format!("T(9): offers 1 and 3 in interval 1 at {price} µ/kWh, expected 10000 to 20000");
        assert_eq!(detail, expected);
        let solver = market.solver.clone();
        market
            .send(&solver, &ExecuteMsg::RegisterSolver {}, 4_000)
            .unwrap();
    }
    let poor = market.assets.holder("poor");
    let free = market.offer(&poor, buy("1-4"), 1_000, 20_000);
    assert!(free.is_err(), "an offer without permit and money");
    market.equip(&poor, buy("1-4"), 1_000, 19_999);
    let short = market.offer(&poor, buy("1-4"), 1_000, 20_000);
    assert!(short.is_err(), "an offer without enough money");
    market.offer(&poor, buy("1-4"), 1_000, 19_999).unwrap();
    market.assert_conserved();
}

/// There finalizing an interval reset the best candidate.
#[test]
fn the_candidate_survives_finalization() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 500, 15_000), trade(3, 2, 4, 600, 13_000)]);
    let solution = market.candidate().solution;
    market.finalize(1);
    assert_eq!(market.candidate().solution, solution);
    assert_eq!(market.candidate().objective.i128(), 600);
    market.finalize(3);
    assert_eq!(market.interval(3).energy.u64(), 600);
    market.assert_conserved();
}

/// There splitting an asset left the remainder to one interval only.
#[test]
fn the_remainder_of_a_split_keeps_all_intervals() {
    let mut market = Market::new();
    let holder = market.assets.holder("holder");
    market.equip(&holder, sell("1-4"), 1_000, 10_000);
    let split = AssetsMsg::Split {
        class: sell("1-4"),
        parts: vec![PermitPart {
            intervals: "2".parse().unwrap(),
            energy: 300u64.into(),
        }],
    };
    market.assets.send(&holder, &split, 0).unwrap();
    assert_eq!(market.assets.permit(&holder, sell("1-4")), 700);
    market.offer(&holder, sell("1-4"), 700, 10_000).unwrap();
    market.offer(&holder, sell("2"), 300, 10_000).unwrap();
    // So it is after part of an offer was traded.
    let buyer = market.post("buyer", buy("1-4"), 1_000, 20_000);
    market.accept(&[
        trade(1, 1, buyer, 200, 15_000),
        trade(4, 1, buyer, 500, 15_000),
    ]);
    market.finalize(4);
    assert_eq!(market.interval(4).energy.u64(), 500);
    market.assert_conserved();
}

/// There the test whether offers overlap in time never rejected anything.
#[test]
fn offers_must_share_the_interval() {
    let mut market = Market::new();
    let seller = market.post("a", sell("1-2,5"), 1_000, 10_000);
    let buyer = market.post("c", buy("3-5"), 1_000, 20_000);
    let (reason, detail) = market.reject(&[trade(2, seller, buyer, 10, 15_000)]);
    assert_eq!(reason, "outside_set");
    assert_eq!(detail, "T(2): offer 2 does not trade in interval 2");
    let solver = market.solver.clone();
    market
        .send(&solver, &ExecuteMsg::RegisterSolver {}, 4_000)
        .unwrap();
    // Between the seller's intervals.
    let (reason, detail) = market.reject(&[trade(4, seller, buyer, 10, 15_000)]);
    assert_eq!(reason, "outside_set");
    assert_eq!(detail, "T(2): offer 1 does not trade in interval 4");
    market
        .send(&solver, &ExecuteMsg::RegisterSolver {}, 4_000)
        .unwrap();
    market.accept(&[trade(5, seller, buyer, 10, 15_000)]);
}

/// There every trade was a transaction of its own.
#[test]
fn one_message_carries_thousands_of_trades() {
    let mut market = Market::with(|terms| terms.limits.address_offers = 200);
    let sellers: Vec<u32> = (0..40)
        .map(|n| market.post(&format!("s{n}"), sell("1-9"), 200, 10_000))
        .collect();
    let buyers: Vec<u32> = (0..40)
        .map(|n| market.post(&format!("b{n}"), buy("1-9"), 200, 20_000))
        .collect();
    let mut trades = Vec::new();
    for interval in 1..=4 {
        for seller in &sellers {
            for buyer in &buyers {
                trades.push(trade(interval, *seller, *buyer, 1, 15_000));
            }
        }
    }
    trades.truncate(6_000);
    let response = market.accept(&trades);
    assert_eq!(market.attribute(&response, "trades"), "6000");
    market.assert_candidate();
    let too_many = vec![trade(1, 1, 41, 1, 15_000); 6_001];
    let solver = market.solver.clone();
    let refused = market.submit(&solver, &too_many);
    assert_refused(refused, &"number of trades is 6001, expected 1 to 6000");
}
