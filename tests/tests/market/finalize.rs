//! Rolling finalization: T(12) to T(15), money and claims.

use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::billing::{INTERVAL, attribute, events};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{Market, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::{ExecuteMsg, Phase};

fn market() -> Market {
    let mut market = Market::new();
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

fn message(interval: u32) -> ExecuteMsg {
    ExecuteMsg::FinalizeInterval {
        interval,
        limit: None,
    }
}

#[test]
fn trades_become_claims_and_money() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 400, 15_001), trade(1, 2, 4, 333, 13_003)]);
    market.begin(1);
    let response = market.crank(0, None).unwrap();
    let event = events(&response, "interval_finalized")[1];
    assert_eq!(attribute(event, "interval"), "1");
    assert_eq!(attribute(event, "trades"), "2");
    assert_eq!(attribute(event, "energy"), "733");
    assert_eq!(events(&response, "trades_finalized").len(), 1);
    let [a, b, c] = ["a", "b", "c"].map(|name| market.assets.holder(name));
    // 6,000.4 and 4,329.999 µ, rounded down for both sides.
    assert_eq!(market.assets.money(&a), 6_000);
    assert_eq!(market.assets.money(&b), 4_329);
    assert_eq!(market.locked(3), Some((600, 20_000 - 6_000)));
    let claims = market.assets.claims(&c);
    assert_eq!(claims.len(), 1);
    assert_eq!((claims[0].0.interval, claims[0].1), (1, 400));
    assert_eq!(claims[0].0.feeder, FEEDER);
    let interval = market.interval(1);
    assert!(interval.finalized);
    assert_eq!(interval.objective.i128(), 733);
    assert_eq!(interval.flows.len(), 2);
    market.assert_candidate();
    market.assert_conserved();
}

#[test]
fn an_offer_that_is_used_up_ends_at_once() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 1_000, 15_000), trade(2, 2, 4, 10, 13_000)]);
    market.finalize(1);
    assert_eq!((market.open(1), market.open(3)), (None, None));
    assert_eq!((market.locked(1), market.locked(3)), (None, None));
    // The buyer has the difference to its worst case back.
    let buyer = market.assets.holder("c");
    assert_eq!(market.assets.money(&buyer), 5_000);
    assert_eq!(market.status().open_offers, 2);
    let (reason, _) = market.reject(&[trade(2, 1, 4, 11, 13_000)]);
    assert_eq!(reason, "offer_ended");
    market.assert_candidate();
    market.assert_conserved();
}

#[test]
fn intervals_are_finalized_in_time_in_order_and_once() {
    let mut market = market();
    market.accept(&[trade(2, 1, 3, 400, 15_000)]);
    let stranger = market.assets.holder("stranger");
    let genesis = market.assets.billing.genesis;
    let now = market.assets.billing.now();
    let early = format!("finalization of interval 0 opens at {genesis}, now is {now}");
    market.refuses(&stranger, &message(0), &early);
    market.refuses(&stranger, &message(1), "interval: 1, expected 0");
    market.begin(1);
    market.refuses(&stranger, &message(1), "interval: 1, expected 0");
    market.crank(0, Some(1)).unwrap();
    assert_eq!(market.status().phase, Phase::Sweeping);
    market.crank(0, None).unwrap();
    // The page had room for interval 1 as well.
    assert_eq!(market.status().next, 2);
    market.refuses(&stranger, &message(0), "interval: 0, expected 2");
    market.refuses(&stranger, &message(1), "interval: 1, expected 2");
    let opens = genesis + 2 * u64::from(INTERVAL);
    let now = market.assets.billing.now();
    let early = format!("finalization of interval 2 opens at {opens}, now is {now}");
    market.refuses(&stranger, &message(2), &early);
    let zero = ExecuteMsg::FinalizeInterval {
        interval: 2,
        limit: Some(0),
    };
    market.refuses(&stranger, &zero, "limit is 0, expected 1 to 500");
}

/// Whatever the page, the outcome is the same; in between nothing else may be submitted.
#[test]
fn pages_lead_to_the_same_end() {
    let trades = [
        trade(1, 1, 3, 100, 15_000),
        trade(1, 1, 4, 100, 15_000),
        trade(1, 2, 3, 100, 15_000),
        trade(1, 2, 4, 100, 15_000),
        trade(2, 1, 3, 100, 15_000),
    ];
    let mut whole = market();
    whole.accept(&trades);
    whole.finalize(1);
    let mut paged = market();
    paged.accept(&trades);
    paged.begin(1);
    let mut pages = 0;
    loop {
        let status = paged.status();
        let under_way = match status.phase {
            Phase::Open if status.next == 2 => break,
            Phase::Open => status.next,
            _ => status.next - 1,
        };
        if status.phase != Phase::Open {
            let solver = paged.solver.clone();
            let expected = format!("interval {under_way} is being finalized: finish that first");
            let solution = paged.solution(&[trade(2, 1, 4, 600, 15_000)], None);
            paged.refuses(&solver, &solution, &expected);
        }
        paged.crank(under_way, Some(1)).unwrap();
        pages += 1;
    }
    assert!(pages >= 4, "{pages}");
    for offer in 1..=4 {
        assert_eq!(paged.open(offer), whole.open(offer));
        assert_eq!(paged.locked(offer), whole.locked(offer));
    }
    assert_eq!(paged.interval(1), whole.interval(1));
    paged.assert_candidate();
    paged.assert_conserved();
}

/// Without solvers the market still goes on; long silence is caught up with in few messages.
#[test]
fn silence_is_caught_up_with() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 400, 15_000), trade(3, 2, 4, 700, 13_000)]);
    market.begin(60);
    market.crank(0, Some(500)).unwrap();
    assert_eq!(market.status().next, 61);
    assert_eq!(market.status().open_offers, 0);
    assert_eq!(market.interval(3).energy.u64(), 700);
    market.assert_conserved();
}

/// With a longer clearing time intervals close earlier.
#[test]
fn clearing_time_is_kept() {
    let mut market = Market::with(|terms| terms.clearing = 4);
    let first = market.status().next;
    assert_eq!(first, 2);
    let (s, b) = (
        market.post("a", sell("5-9"), 100, 10_000),
        market.post("c", buy("5-9"), 100, 20_000),
    );
    market.accept(&[trade(5, s, b, 100, 15_000)]);
    market.finalize_until(5, 2);
    assert!(market.interval(5).finalized);
    assert!(!market.interval(6).finalized);
    market.assert_conserved();
}

/// The history of finalized trades does not change, whatever comes after.
#[test]
fn finalized_trades_stay() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 400, 15_000), trade(3, 2, 4, 10, 13_000)]);
    market.finalize(1);
    let before = market.interval(1);
    market.accept(&[trade(2, 1, 3, 500, 15_000)]);
    market.limit(FEEDER, [1; 4]).unwrap();
    market.finalize(3);
    assert_eq!(market.interval(1), before);
    assert_eq!(market.trades(1), [trade(1, 1, 3, 400, 15_000)]);
    // Interval 2 was void.
    assert!(market.interval(2).finalized && market.interval(2).void);
    assert_eq!(market.interval(2).objective.i128(), 0);
    market.assert_conserved();
}

/// An auditor needs nothing but events.
#[test]
fn the_record_is_complete() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 400, 15_001), trade(1, 2, 4, 333, 13_003)]);
    market.cancel("a", 1).unwrap();
    market.finalize(1);
    market.accept(&[trade(2, 1, 3, 600, 10_000), trade(3, 2, 4, 100, 12_000)]);
    market.cancel("d", 4).unwrap();
    market.finalize(3);
    let replay = market.assert_replayed();
    assert_eq!(replay.verified, 3);
    for name in ["a", "b"] {
        let seller = market.assets.holder(name);
        let earned = market.assets.money(&seller) as i128;
        assert_eq!(replay.balances[seller.as_str()], earned, "{name}");
    }
    assert_eq!(replay.balances.values().sum::<i128>(), 0);
    market.finalize(4);
    market.assert_replayed();
}
