//! Random books of a given size.

use gridweave_optim::market::Book;
use gridweave_rules::market::{FeederLimits, Objective, Offer, Side};
use gridweave_units::{Interval, IntervalSet};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Sellers, buyers and intervals of a book, and the most intervals of an offer.
#[derive(Clone, Copy)]
pub struct Size {
    pub sellers: u32,
    pub buyers: u32,
    pub intervals: u32,
    pub span: u32,
}

/// Feeders of every book.
const FEEDERS: u32 = 11;
/// Most intervals of an offer: a load that can be shifted, and a battery.
pub const SHORT: u32 = 12;
pub const LONG: u32 = 24;

pub fn book(size: Size, seed: u64) -> Book {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut offer = |side, price: std::ops::Range<u64>, hundreds: u64| {
        let first = random.random_range(0..size.intervals);
        let count = random
            .random_range(1..=size.span)
            .min(size.intervals - first);
        Offer {
            side,
            feeder: random.random_range(0..FEEDERS),
            intervals: IntervalSet::span(Interval(first), count).expect("a short span"),
            price: 10_000 * random.random_range(price),
            left: 100 * random.random_range(1..hundreds),
        }
    };
    let sellers = (0..size.sellers).map(|_| (Side::Sell, 5..25, 60));
    let buyers = (0..size.buyers).map(|_| (Side::Buy, 10..30, 30));
    let rows: Vec<_> = sellers.chain(buyers).collect();
    let offers = rows
        .into_iter()
        .map(|(side, price, most)| offer(side, price, most));
    let limits = FeederLimits {
        export: 1_500 * u64::from(size.buyers) / 200,
        import: 1_500 * u64::from(size.buyers) / 200,
        consumption: 2_500 * u64::from(size.buyers) / 200,
        production: 2_500 * u64::from(size.buyers) / 200,
    };
    Book {
        objective: Objective::Energy,
        next: Interval(0),
        last: Interval(size.intervals - 1),
        offers: (1..).zip(offers).collect(),
        feeders: (0..FEEDERS).map(|feeder| (feeder, limits)).collect(),
    }
}
