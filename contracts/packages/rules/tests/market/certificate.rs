//! Hostile certificates: whatever the numbers, no feasible solution is worth more than the bound.

use gridweave_rules::market::certificate::{FeederDuals, IntervalDuals, Lift, LiftError, ratio};
use gridweave_rules::market::{Certificate, Objective, PlainBook};
use gridweave_units::Interval;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::random::{FEEDERS, NEXT, book, choices, objective, solution, terms};

/// Small numbers, which come near true duals, and the largest.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![8 => -12..12i64, 1 => any::<i64>()]
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..12u64, 1 => any::<u64>()]
}

prop_compose! {
    fn duals()(
        base in number(),
        levels in btree_map(0..16u64, amount(), 0..4),
        feeders in btree_map(0..FEEDERS + 2, (number(), amount(), amount()), 0..4),
    ) -> IntervalDuals {
        let feeders = feeders.into_iter();
        IntervalDuals {
            interval: 0,
            base,
            levels: levels.into_iter().collect(),
            feeders: feeders
                .map(|(feeder, (net, consumption, production))| FeederDuals {
                    feeder,
                    net,
                    consumption,
                    production,
                })
                .collect(),
        }
    }
}

prop_compose! {
    fn certificate()(
        scale in prop_oneof![1..9u64, Just(Certificate::MAX_SCALE)],
        intervals in btree_map(0..9u32, duals(), 0..8),
    ) -> Certificate {
        let intervals = intervals.into_iter();
        Certificate {
            scale,
            intervals: intervals.map(|(interval, duals)| IntervalDuals { interval, ..duals }).collect(),
        }
    }
}

fn bound(
    certificate: &Certificate,
    objective: Objective,
    book: &PlainBook,
) -> Result<u128, LiftError> {
    let limits = |feeder| book.limits.get(&feeder).copied();
    let mut lift = Lift::new(certificate, objective, Interval(NEXT), limits)?;
    for offer in book.offers.values() {
        lift.add(offer)?;
    }
    Ok(lift.bound())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_solution_beats_a_bound(
        mut book in book(2..9),
        certificates in vec(certificate(), 4),
        choices in vec(choices(), 12),
        objective in objective(),
    ) {
        let mut best = 0;
        for choices in choices {
            let trades = solution(&book, &choices);
            if let Ok(verified) = book.verify(terms(objective), &trades) {
                let total = objective.total(verified.value, Interval(NEXT)).unwrap();
                best = best.max(total);
            }
        }
        for certificate in certificates {
            let read = Certificate::from_bytes(&certificate.to_bytes());
            prop_assert_eq!(&read, &Ok(certificate.clone()));
            if let Ok(bound) = bound(&certificate, objective, &book) {
                prop_assert!(best.unsigned_abs() <= bound, "{} above {}", best, bound);
                prop_assert!(ratio(best, bound) <= 1_000_000);
            }
        }
    }

    /// Nothing said is a bound too: what everybody would like to trade.
    #[test]
    fn an_empty_certificate_bounds_by_what_is_offered(book in book(0..9)) {
        let certificate = Certificate { scale: 3, intervals: Vec::new() };
        let open = book.offers.values().filter(|offer| {
            offer.side == gridweave_rules::market::Side::Sell
                && offer.intervals.last() >= Interval(NEXT)
        });
        let offered: u128 = open.map(|offer| u128::from(offer.left)).sum();
        prop_assert_eq!(bound(&certificate, Objective::Energy, &book), Ok(offered));
    }
}
