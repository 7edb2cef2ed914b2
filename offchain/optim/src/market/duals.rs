//! From the solver's duals to a certificate.

use std::collections::BTreeMap;

use gridweave_rules::market::Certificate;
use gridweave_rules::market::certificate::{FeederDuals, IntervalDuals};

use super::Book;
use super::form::Slot;
use super::rows::Limit;

/// No dual times the scale gets larger than this, so that sums of a few fit 64 bits.
const LARGEST: f64 = (1u64 << 60) as f64;

/// Rounds the duals `z` of the compact program; the first `equalities` of them belong to the chains.
/// `weight` is what a dual of 1 stands for. Offers that found nobody to trade with are kept out by a
/// potential that is high above the highest bid and low below the lowest ask.
pub(super) fn certificate(
    book: &Book,
    weight: f64,
    slots: &[Slot],
    z: &[f64],
    equalities: usize,
) -> Certificate {
    let largest = z.iter().fold(1.0, |most: f64, dual| most.max(dual.abs()));
    // Above the duals and the weights together.
    let barrier = 4.0 * largest * weight;
    let scale = (LARGEST / barrier)
        .min(Certificate::MAX_SCALE as f64)
        .max(1.0)
        .floor();
    let rounding = Rounding {
        factor: weight * scale,
        barrier: (barrier * scale).min(LARGEST) as i64,
        z,
        equalities,
    };
    Certificate {
        scale: scale as u64,
        intervals: slots
            .iter()
            .filter(|slot| slot.ladder.interval >= book.next)
            .map(|slot| rounding.interval(slot))
            .collect(),
    }
}

struct Rounding<'a> {
    factor: f64,
    barrier: i64,
    z: &'a [f64],
    equalities: usize,
}

impl Rounding<'_> {
    fn interval(&self, slot: &Slot) -> IntervalDuals {
        let ladder = &slot.ladder;
        // Rising prices; the potential of a level holds from its floor on.
        let potentials: Vec<(u64, i64)> = (0..ladder.floors.len())
            .rev()
            .map(|level| (ladder.floors[level], self.whole(slot.chain + level)))
            .collect();
        let mut steps = Steps {
            base: -self.barrier,
            now: -self.barrier,
            levels: Vec::new(),
        };
        for (floor, potential) in potentials {
            // The lowest level begins where the lowest ask lets buyers in.
            steps.rise(floor, potential);
        }
        match (ladder.lowest_ask, ladder.highest_bid) {
            (None, _) => {}
            (Some(ask), None) => steps.rise(ask, self.barrier),
            (Some(ask), Some(bid)) => steps.rise(ask.max(bid.saturating_add(1)), self.barrier),
        }
        IntervalDuals {
            interval: ladder.interval.0,
            base: steps.base,
            levels: steps.levels,
            feeders: self.feeders(slot),
        }
    }

    fn feeders(&self, slot: &Slot) -> Vec<FeederDuals> {
        let mut feeders: BTreeMap<u32, FeederDuals> = BTreeMap::new();
        for &(feeder, limit, row) in &slot.limits {
            let dual = self.whole(self.equalities + row).max(0);
            let duals = feeders.entry(feeder).or_insert(FeederDuals {
                feeder,
                ..FeederDuals::default()
            });
            match limit {
                Limit::Export => duals.net += dual,
                Limit::Import => duals.net -= dual,
                Limit::Consumption => duals.consumption = dual.unsigned_abs(),
                Limit::Production => duals.production = dual.unsigned_abs(),
            }
        }
        feeders
            .into_values()
            .filter(|duals| (duals.net, duals.consumption, duals.production) != (0, 0, 0))
            .collect()
    }

    /// A dual, whole.
    fn whole(&self, row: usize) -> i64 {
        let dual = self.z.get(row).copied().unwrap_or_default();
        (dual * self.factor).round().clamp(-LARGEST, LARGEST) as i64
    }
}

/// A potential that rises with the price.
struct Steps {
    base: i64,
    now: i64,
    levels: Vec<(u64, u64)>,
}

impl Steps {
    /// Rises to `potential` at `price`, which is above all before; falls are passed over.
    fn rise(&mut self, price: u64, potential: i64) {
        if potential <= self.now {
            return;
        }
        self.levels.push((price, potential.abs_diff(self.now)));
        self.now = potential;
    }
}
