//! Verification against the constraints as the paper writes them.

use std::collections::BTreeMap;

use gridweave_rules::market::{Objective, PlainBook, Side, Trade};
use gridweave_units::Interval;
use proptest::prelude::*;

use crate::random::{NEXT, book, choices, objective, solution, terms};

/// T(1) to T(9) and T(12), written down naively.
fn feasible(book: &PlainBook, trades: &[Trade]) -> bool {
    let offers = &book.offers;
    let matchable = trades.iter().all(|trade| {
        let (Some(s), Some(b)) = (offers.get(&trade.seller), offers.get(&trade.buyer)) else {
            return false;
        };
        s.side == Side::Sell
            && b.side == Side::Buy
            && s.price <= b.price
            && (s.price..=b.price).contains(&trade.price)
            && s.intervals.contains(trade.interval)
            && b.intervals.contains(trade.interval)
            && trade.interval >= Interval(NEXT)
    });
    if !matchable {
        return false;
    }
    let within = offers.iter().all(|(id, offer)| {
        let own = trades.iter().filter(|t| t.seller == *id || t.buyer == *id);
        own.map(|trade| trade.energy).sum::<u64>() <= offer.left
    });
    let mut flows: BTreeMap<(u32, Interval), [i64; 2]> = BTreeMap::new();
    for trade in trades {
        let feeders = [offers[&trade.seller].feeder, offers[&trade.buyer].feeder];
        for (side, feeder) in feeders.into_iter().enumerate() {
            flows.entry((feeder, trade.interval)).or_default()[side] += trade.energy as i64;
        }
    }
    let safe = flows.iter().all(|((feeder, _), [sold, bought])| {
        let limits = &book.limits[feeder];
        let net = sold - bought;
        net <= limits.export as i64
            && -net <= limits.import as i64
            && *bought <= limits.consumption as i64
            && *sold <= limits.production as i64
    });
    within && safe
}

/// The objective as it is defined over pairs.
fn worth(objective: Objective, book: &PlainBook, trades: &[Trade]) -> i128 {
    let pairs = trades.iter().map(|trade| {
        let (s, b) = (book.offers[&trade.seller], book.offers[&trade.buyer]);
        let left = |last: Interval| i128::from(last.0) - i128::from(NEXT);
        let weight = match objective {
            Objective::Energy => 1,
            Objective::ExpiringFirst => {
                10_000 - left(s.intervals.last()) - left(b.intervals.last())
            }
            Objective::Welfare => i128::from(b.price) - i128::from(s.price),
        };
        weight * i128::from(trade.energy)
    });
    pairs.sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_solution_passes_iff_it_is_feasible(
        mut book in book(2..9),
        choices in choices(),
        objective in objective(),
    ) {
        let trades = solution(&book, &choices);
        let verified = book.verify(terms(objective), &trades);
        prop_assert_eq!(verified.is_ok(), feasible(&book, &trades), "{:?}", verified);
        if let Ok(verified) = verified {
            let total = objective.total(verified.value, Interval(NEXT));
            prop_assert_eq!(total, Some(worth(objective, &book, &trades)));
            let listed: u32 = verified.parts.iter().map(|part| part.trades).sum();
            prop_assert_eq!(listed as usize, trades.len());
            prop_assert_eq!(verified.trades, trades);
        }
    }

    /// What is feasible stays feasible when offers are added.
    #[test]
    fn a_feasible_solution_is_feasible_for_every_superset(
        mut small in book(2..7),
        more in book(1..7),
        choices in choices(),
        objective in objective(),
    ) {
        let trades = solution(&small, &choices);
        let before = small.verify(terms(objective), &trades);
        let mut large = small.clone();
        for (id, offer) in more.offers {
            large.offers.entry(id).or_insert(offer);
        }
        if before.is_ok() {
            prop_assert_eq!(large.verify(terms(objective), &trades), before);
        }
    }
}
