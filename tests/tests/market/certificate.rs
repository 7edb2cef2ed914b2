//! Certificates against exact programs: the solver's duals are tight, anybody's are valid.

use std::collections::BTreeMap;

use gridweave_rules::market::certificate::{Lift, ratio};
use gridweave_rules::market::{Certificate, FeederLimits, Objective, Offer, PlainBook, Side};
use gridweave_testkit::market::{optimum, pairwise};
use gridweave_units::{Interval, IntervalSet};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

const NEXT: Interval = Interval(1);

fn bound(certificate: &Certificate, objective: Objective, book: &PlainBook, next: Interval) -> f64 {
    let limits = |feeder| book.limits.get(&feeder).copied();
    let mut lift = Lift::new(certificate, objective, next, limits).unwrap();
    for offer in book.offers.values() {
        lift.add(offer).unwrap();
    }
    lift.bound() as f64
}

prop_compose! {
    fn offer()(
        sells in any::<bool>(),
        feeder in 0..3u32,
        first in 0..5u32,
        bitmap in 1..32u128,
        price in 1..12u64,
        left in 1..4_000u64,
    ) -> Offer {
        let side = if sells { Side::Sell } else { Side::Buy };
        let price = 10_000 * if sells { price } else { price + 3 };
        let intervals = IntervalSet::new(Interval(first), bitmap).unwrap();
        Offer { side, feeder, intervals, price, left }
    }
}

prop_compose! {
    fn book()(
        offers in vec(offer(), 2..16),
        limits in vec([0..4_000u64, 0..4_000, 0..6_000, 0..6_000], 3),
    ) -> PlainBook {
        let limits = limits.into_iter().map(|[export, import, consumption, production]| {
            FeederLimits { export, import, consumption, production }
        });
        PlainBook {
            offers: (1..).zip(offers).collect(),
            limits: (0..).zip(limits).collect(),
            used: BTreeMap::new(),
        }
    }
}

fn objectives() -> impl Strategy<Value = Objective> {
    prop_oneof![
        Just(Objective::Energy),
        Just(Objective::ExpiringFirst),
        Just(Objective::Welfare)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The compact program has the optimum of the paper's, its duals certify it within a millionth,
    /// and the same duals in disorder still bound it.
    #[test]
    fn duals_are_tight_and_anything_else_is_valid(
        book in book(),
        objective in objectives(),
        noise in vec((any::<prop::sample::Index>(), -3..3i64, 0..3u64, any::<bool>()), 0..12),
    ) {
        let exact = pairwise(&book, objective, NEXT);
        let solved = optimum(&book, objective, NEXT);
        let slack = 1e-6 * exact.abs().max(1e3);
        prop_assert!((solved.value - exact).abs() <= slack, "{} {}", solved.value, exact);
        let tight = bound(&solved.certificate, objective, &book, NEXT);
        let whole = (exact - slack).floor();
        prop_assert!(tight >= whole, "{} below {}", tight, exact);
        prop_assert!(tight <= exact + slack, "{} far above {}", tight, exact);

        let mut wrong = solved.certificate;
        for (at, change, factor, drop) in noise {
            if wrong.intervals.is_empty() {
                break;
            }
            let at = at.index(wrong.intervals.len());
            let duals = &mut wrong.intervals[at];
            duals.base += change * wrong.scale as i64;
            for level in &mut duals.levels {
                level.1 *= factor;
            }
            for feeder in &mut duals.feeders {
                feeder.net = -feeder.net * factor as i64;
                std::mem::swap(&mut feeder.consumption, &mut feeder.production);
            }
            if drop {
                wrong.intervals.remove(at);
            }
        }
        let loose = bound(&wrong, objective, &book, NEXT);
        prop_assert!(loose >= whole, "{} below {}", loose, exact);
    }
}

/// A golden book: limits are the same for every feeder and both directions.
fn golden(text: &str) -> (PlainBook, f64, f64) {
    let json: Value = serde_json::from_str(text).unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let mut book = PlainBook::default();
    let (external, internal) = (
        number(&json["limit_external_wh"]),
        number(&json["limit_internal_wh"]),
    );
    for feeder in 0..number(&json["feeders"]) as u32 {
        let limits = FeederLimits {
            export: external,
            import: external,
            consumption: internal,
            production: internal,
        };
        book.limits.insert(feeder, limits);
    }
    for offer in json["offers"].as_array().unwrap() {
        let (start, end) = (number(&offer["start"]) as u32, number(&offer["end"]) as u32);
        let parsed = Offer {
            side: if offer["side"] == "sell" {
                Side::Sell
            } else {
                Side::Buy
            },
            feeder: number(&offer["feeder"]) as u32,
            intervals: IntervalSet::span(Interval(start), end - start + 1).unwrap(),
            price: number(&offer["price"]),
            left: number(&offer["energy_wh"]),
        };
        book.offers.insert(number(&offer["id"]) as u32, parsed);
    }
    let expected = &json["expected"];
    (
        book,
        expected["max_energy_wh"].as_f64().unwrap(),
        expected["max_welfare_micro"].as_f64().unwrap(),
    )
}

/// The books that another implementation has solved with another solver.
#[test]
fn golden_books_are_certified() {
    for text in [
        include_str!("../../golden/market/book-10.json"),
        include_str!("../../golden/market/book-11.json"),
        include_str!("../../golden/market/book-12.json"),
        include_str!("../../golden/market/book-13.json"),
        include_str!("../../golden/market/book-14.json"),
        include_str!("../../golden/market/book-15.json"),
        include_str!("../../golden/market/book-16.json"),
        include_str!("../../golden/market/book-17.json"),
    ] {
        let (book, energy, welfare) = golden(text);
        for (objective, expected) in [
            (Objective::Energy, energy),
            // The rule counts welfare in thousandths of µ.
            (Objective::Welfare, welfare * 1_000.0),
        ] {
            let solved = optimum(&book, objective, Interval(0));
            let close = |value: f64| (value - expected).abs() <= 1e-6 * expected;
            assert!(
                close(solved.value),
                "{objective:?} {} {expected}",
                solved.value
            );
            let certified = bound(&solved.certificate, objective, &book, Interval(0));
            assert!(close(certified), "{objective:?} {certified} {expected}");
            let ppm = ratio(expected as i128, certified as u128);
            assert!(ppm >= 999_998, "{ppm}");
        }
    }
}
