//! Random books and solutions.

use std::collections::BTreeMap;

use gridweave_rules::market::{
    FeederLimits, Objective, Offer, PlainBook, Pricing, Side, Terms, Trade,
};
use gridweave_units::{Interval, IntervalSet};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// First open interval.
pub const NEXT: u32 = 2;
/// Feeders.
pub const FEEDERS: u32 = 3;

pub fn terms(objective: Objective) -> Terms {
    Terms {
        objective,
        pricing: Pricing::Solver,
        next: Interval(NEXT),
        last: Interval(100),
        interval_trades: 50,
    }
}

pub fn objective() -> impl Strategy<Value = Objective> {
    prop_oneof![
        Just(Objective::Energy),
        Just(Objective::ExpiringFirst),
        Just(Objective::Welfare)
    ]
}

prop_compose! {
    pub fn offer()(
        sells in any::<bool>(),
        feeder in 0..FEEDERS,
        first in 0..5u32,
        bitmap in 1..16u128,
        price in 1..12u64,
        left in 1..40u64,
    ) -> Offer {
        let side = if sells { Side::Sell } else { Side::Buy };
        // Sellers ask little more often than not, so that there is something to trade.
        let price = if sells { price } else { price + 4 };
        let intervals = IntervalSet::new(Interval(first), bitmap).unwrap();
        Offer { side, feeder, intervals, price, left }
    }
}

prop_compose! {
    fn limits()(amounts in [0..60u64, 0..60, 0..60, 0..60]) -> FeederLimits {
        let [export, import, consumption, production] = amounts;
        FeederLimits { export, import, consumption, production }
    }
}

prop_compose! {
    pub fn book(offers: std::ops::Range<usize>)(
        offers in btree_map(1..30u32, offer(), offers),
        limits in vec(limits(), FEEDERS as usize),
    ) -> PlainBook {
        PlainBook {
            offers,
            limits: (0..).zip(limits).collect(),
            used: BTreeMap::new(),
        }
    }
}

/// Trades made of raw choices: most of them fit their offers, some violate something.
pub fn solution(book: &PlainBook, choices: &[(u32, u32, u32, u64)]) -> Vec<Trade> {
    let of = |side| -> Vec<(u32, Offer)> {
        let offers = book.offers.iter().map(|(id, offer)| (*id, *offer));
        offers.filter(|(_, offer)| offer.side == side).collect()
    };
    let (sellers, buyers) = (of(Side::Sell), of(Side::Buy));
    let mut trades = BTreeMap::new();
    for (seller, buyer, interval, energy) in choices {
        if sellers.is_empty() || buyers.is_empty() {
            break;
        }
        let (seller, ask) = sellers[*seller as usize % sellers.len()];
        let (buyer, _) = buyers[*buyer as usize % buyers.len()];
        let interval = match interval % 8 {
            0 => Interval(*interval % 7),
            _ => ask
                .intervals
                .next_from(Interval(NEXT))
                .unwrap_or(ask.intervals.last()),
        };
        let trade = Trade {
            interval,
            seller,
            buyer,
            energy: *energy,
            price: ask.price,
        };
        trades.insert(trade.key(), trade);
    }
    trades.into_values().collect()
}

pub fn choices() -> impl Strategy<Value = Vec<(u32, u32, u32, u64)>> {
    vec((any::<u32>(), any::<u32>(), any::<u32>(), 1..12u64), 0..7)
}
