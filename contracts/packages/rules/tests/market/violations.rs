//! Every constraint, violated by as little as possible.

use gridweave_rules::market::{
    FeederLimits, Objective, Offer, PlainBook, Pricing, Side, Terms, Trade, Violation,
};
use gridweave_units::{Interval, IntervalSet};

use crate::random::{NEXT, terms};

const AMPLE: FeederLimits = FeederLimits {
    export: 1_000,
    import: 1_000,
    consumption: 1_000,
    production: 1_000,
};

fn offer(side: Side, feeder: u32, price: u64) -> Offer {
    Offer {
        side,
        feeder,
        intervals: IntervalSet::span(Interval(NEXT), 3).unwrap(),
        price,
        left: 100,
    }
}

/// Sellers 1 and 2 on feeders 0 and 1, buyers 3 and 4 on the same; offer 5 has ended.
fn book() -> PlainBook {
    let mut book = PlainBook::default();
    for (id, side, feeder, price) in [
        (1, Side::Sell, 0, 10),
        (2, Side::Sell, 1, 12),
        (3, Side::Buy, 0, 20),
        (4, Side::Buy, 1, 15),
        (6, Side::Sell, 0, 21),
    ] {
        book.offers.insert(id, offer(side, feeder, price));
    }
    book.limits = [(0, AMPLE), (1, AMPLE)].into();
    book
}

fn trade(interval: u32, seller: u32, buyer: u32, energy: u64) -> Trade {
    Trade {
        interval: Interval(interval),
        seller,
        buyer,
        energy,
        price: 13,
    }
}

fn refused(book: &mut PlainBook, trades: &[Trade]) -> String {
    let violation = book.verify(terms(Objective::Energy), trades).unwrap_err();
    violation.to_string()
}

#[test]
fn the_sample_is_feasible() {
    let trades = [trade(2, 1, 3, 60), trade(3, 1, 4, 40), trade(3, 2, 3, 40)];
    let verified = book().verify(terms(Objective::Energy), &trades).unwrap();
    assert_eq!(verified.value.energy, 140);
    assert_eq!(verified.parts.len(), 2);
}

#[test]
fn order_and_amounts() {
    let twice = [trade(2, 1, 3, 1), trade(2, 1, 3, 1)];
    assert!(refused(&mut book(), &twice).starts_with("order:"));
    let back = [trade(3, 1, 3, 1), trade(2, 1, 3, 1)];
    assert!(refused(&mut book(), &back).starts_with("order:"));
    assert!(refused(&mut book(), &[trade(2, 1, 3, 0)]).starts_with("energy:"));
}

#[test]
fn offers() {
    let mut book = book();
    assert_eq!(
        refused(&mut book, &[trade(2, 7, 3, 1)]),
        "offer 7: never posted"
    );
    assert_eq!(
        refused(&mut book, &[trade(2, 5, 3, 1)]),
        "offer 5: no longer open"
    );
    assert_eq!(
        refused(&mut book, &[trade(2, 3, 1, 1)]),
        "offer 3: stands on the side Buy, expected the other"
    );
    assert_eq!(
        refused(&mut book, &[trade(2, 6, 3, 1)]),
        "T(1): offer 6 asks 21 µ/kWh, offer 3 pays at most 20"
    );
    assert_eq!(
        refused(&mut book, &[trade(5, 1, 3, 1)]),
        "T(2): offer 1 does not trade in interval 5"
    );
    assert_eq!(
        refused(&mut book, &[trade(1, 1, 3, 1)]),
        "T(12): interval 1 is finalized, the first open one is 2"
    );
    assert_eq!(
        refused(&mut book, &[trade(101, 1, 3, 1)]),
        "horizon: interval 101 lies beyond 100, the last one of the market"
    );
}

#[test]
fn energy_counts_over_all_intervals() {
    let sells = [trade(2, 1, 3, 60), trade(3, 1, 4, 41)];
    assert_eq!(
        refused(&mut book(), &sells),
        "T(3): offer 1 would trade 101 Wh up to interval 3, 100 Wh are left"
    );
    let buys = [trade(2, 1, 3, 60), trade(4, 2, 3, 41)];
    assert_eq!(
        refused(&mut book(), &buys),
        "T(4): offer 3 would trade 101 Wh up to interval 4, 100 Wh are left"
    );
    let mut book = book();
    book.offers.insert(
        1,
        Offer {
            left: u64::MAX,
            ..offer(Side::Sell, 0, 10)
        },
    );
    book.offers.insert(
        3,
        Offer {
            left: u64::MAX,
            ..offer(Side::Buy, 1, 20)
        },
    );
    book.offers.insert(
        4,
        Offer {
            left: u64::MAX,
            ..offer(Side::Buy, 0, 20)
        },
    );
    let huge = [trade(2, 1, 3, u64::MAX), trade(2, 1, 4, u64::MAX)];
    let expected = format!(
        "T(3): offer 1 would trade {} Wh up to interval 2, {} Wh are left",
        2 * u128::from(u64::MAX),
        u64::MAX
    );
    assert_eq!(refused(&mut book, &huge), expected);
}

/// Trades that fit `limits` of feeder 0 once these are one Wh wider.
fn just_too_much(limits: FeederLimits, trades: [Trade; 2], expected: &str) {
    let mut book = book();
    book.limits.insert(0, limits);
    assert_eq!(refused(&mut book, &trades), expected);
    let wider = |limit: u64| limit + u64::from(limit < 1_000);
    let limits = FeederLimits {
        export: wider(limits.export),
        import: wider(limits.import),
        consumption: wider(limits.consumption),
        production: wider(limits.production),
    };
    book.limits.insert(0, limits);
    assert!(
        book.verify(terms(Objective::Energy), &trades).is_ok(),
        "{expected}"
    );
}

#[test]
fn feeders() {
    let sales = [trade(2, 1, 3, 10), trade(2, 1, 4, 30)];
    let purchases = [trade(2, 1, 3, 10), trade(2, 2, 3, 30)];
    just_too_much(
        FeederLimits {
            export: 29,
            ..AMPLE
        },
        sales,
        "T(5): feeder 0 would export 30 Wh net in interval 2, at most 29",
    );
    just_too_much(
        FeederLimits {
            import: 29,
            ..AMPLE
        },
        purchases,
        "T(6): feeder 0 would import 30 Wh net in interval 2, at most 29",
    );
    just_too_much(
        FeederLimits {
            consumption: 39,
            ..AMPLE
        },
        purchases,
        "T(7): feeder 0 would consume 40 Wh in interval 2, at most 39",
    );
    just_too_much(
        FeederLimits {
            production: 39,
            ..AMPLE
        },
        sales,
        "T(8): feeder 0 would produce 40 Wh in interval 2, at most 39",
    );
}

#[test]
fn feeders_without_limits() {
    let mut book = book();
    book.limits.remove(&1);
    let trades = [trade(2, 1, 3, 1), trade(3, 1, 4, 1)];
    let violation = book.verify(terms(Objective::Energy), &trades).unwrap_err();
    let interval = Interval(3);
    assert_eq!(
        violation,
        Violation::UnknownFeeder {
            feeder: 1,
            interval
        }
    );
    assert!(violation.is_of_feeder());
}

#[test]
fn prices() {
    for price in [9, 21] {
        let trades = [Trade {
            price,
            ..trade(2, 1, 3, 1)
        }];
        let expected =
            format!("T(9): offers 1 and 3 in interval 2 at {price} µ/kWh, expected 10 to 20");
        assert_eq!(refused(&mut book(), &trades), expected);
    }
    let midpoint = Terms {
        pricing: Pricing::Midpoint,
        ..terms(Objective::Energy)
    };
    let trades = [Trade {
        price: 0,
        ..trade(2, 1, 4, 1)
    }];
    let verified = book().verify(midpoint, &trades).unwrap();
    assert_eq!(verified.trades[0].price, 12);
}

#[test]
fn too_many_in_an_interval() {
    let few = Terms {
        interval_trades: 1,
        ..terms(Objective::Energy)
    };
    let spread = [trade(2, 1, 3, 1), trade(3, 1, 3, 1)];
    assert!(book().verify(few, &spread).is_ok());
    let dense = [trade(2, 1, 3, 1), trade(2, 1, 4, 1)];
    let violation = book().verify(few, &dense).unwrap_err();
    let interval = Interval(2);
    assert_eq!(violation, Violation::TooMany { interval, limit: 1 });
}
