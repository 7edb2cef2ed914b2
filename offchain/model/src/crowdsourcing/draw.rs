//! What chance decides about crowdsourcees. Each matter draws from its own stream of the seed and
//! draws for everybody in order, so that changing one moves no other.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::acceptance::Acceptance;
use super::crowd::{CrowdsourceeKind, Preferences, Term};
use super::document::CrowdsourcingTable;
use crate::scenario::clock::Clock;

/// Streams of the seed; the numbers are part of what a seed means.
#[derive(Clone, Copy)]
enum Stream {
    Kind = 21,
    Preferences = 22,
    Acceptance = 23,
    Ceiling = 24,
}

/// Draws crowdsourcees for a checked table.
pub(super) struct Dice<'a> {
    table: &'a CrowdsourcingTable,
    clock: Clock,
    /// Currency per pu and interval of one currency unit per MWh.
    price: f64,
    kind: ChaCha8Rng,
    preferences: ChaCha8Rng,
    acceptance: ChaCha8Rng,
    ceiling: ChaCha8Rng,
}

impl<'a> Dice<'a> {
    pub fn new(table: &'a CrowdsourcingTable, seed: u64, clock: Clock, price: f64) -> Self {
        let stream = |stream: Stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream as u64);
            rng
        };
        Self {
            table,
            clock,
            price,
            kind: stream(Stream::Kind),
            preferences: stream(Stream::Preferences),
            acceptance: stream(Stream::Acceptance),
            ceiling: stream(Stream::Ceiling),
        }
    }

    /// The next crowdsourcee, whose devices can deliver `power` (pu) beyond its own plan.
    pub fn next(&mut self, power: f64) -> (CrowdsourceeKind, Preferences) {
        let acceptance = self.roll_acceptance();
        let preferences = self.roll_preferences(power, &acceptance);
        let is_type2 = self.kind.random::<f64>() < self.table.type2_share;
        let term = match self.kind.random_range(0..3u8) {
            0 => Term::Day,
            1 => Term::Month,
            _ => Term::Year,
        };
        let kind = if is_type2 {
            CrowdsourceeKind::Type2 { acceptance }
        } else {
            CrowdsourceeKind::Type1 { term }
        };
        (kind, preferences)
    }

    fn roll_acceptance(&mut self) -> Acceptance {
        let (table, rng) = (&self.table.acceptance, &mut self.acceptance);
        Acceptance {
            reservation: self.price * between(rng, table.reservation),
            slope: self.price * between(rng, table.slope),
            spread: self.price * table.spread,
            silence: table.silence,
            ceiling: self.price * between(&mut self.ceiling, table.ceiling),
        }
    }

    fn roll_preferences(&mut self, power: f64, hidden: &Acceptance) -> Preferences {
        let (table, rng) = (&self.table.preferences, &mut self.preferences);
        let from = rng.random_range(table.available_from[0]..=table.available_from[1]);
        let until = rng.random_range(table.available_until[0]..=table.available_until[1]);
        let interval = |hour: u32| (hour as usize * self.clock.per_hour()).min(self.clock.horizon);
        let power_max = power * between(rng, table.power);
        let energy_max = power_max * between(rng, table.energy_hours);
        // What is told is the safe side of what is hidden, as far off at either end.
        let told = between(rng, table.floor);
        Preferences {
            available: interval(from)..interval(until),
            power_max,
            energy_max,
            floor_price: hidden.reservation * told,
            ceiling_price: hidden.ceiling * (2.0 - told),
        }
    }
}

/// A number of the range; checked before, so that it is not empty.
fn between(rng: &mut ChaCha8Rng, [low, high]: [f64; 2]) -> f64 {
    low + (high - low) * rng.random::<f64>()
}
