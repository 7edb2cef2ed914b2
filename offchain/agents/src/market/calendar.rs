//! When intervals of a market are finalized and when they end.

use gridweave_types::market::ConfigResponse;
use gridweave_units::{Clock, Interval};

/// The times of a market.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    clock: Clock,
    /// T_clear, in intervals.
    clearing: u32,
}

impl Calendar {
    /// With T_clear of `clearing` intervals.
    pub fn new(clock: Clock, clearing: u32) -> Self {
        Self { clock, clearing }
    }

    /// As `terms` have it.
    pub fn of(terms: &ConfigResponse) -> Self {
        let clock = Clock {
            genesis: terms.genesis,
            interval_seconds: terms.interval_seconds,
        };
        Self::new(clock, terms.clearing)
    }

    /// From when on an interval may be finalized: from the end of the interval T_clear before it on
    /// (Unix seconds).
    pub fn due(&self, interval: u32) -> u64 {
        self.over(interval).saturating_sub(self.open_seconds())
    }

    /// When an interval ends: nothing of it is credited from then on (Unix seconds).
    pub fn over(&self, interval: u32) -> u64 {
        self.clock.begin(Interval(interval.saturating_add(1)))
    }

    /// Seconds of an interval.
    pub fn interval_seconds(&self) -> u64 {
        u64::from(self.clock.interval_seconds)
    }

    /// Seconds from when an interval may be finalized until it ends.
    pub fn open_seconds(&self) -> u64 {
        u64::from(self.clearing) * self.interval_seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_due_t_clear_before_they_are_over() {
        let clock = Clock {
            genesis: 1_000,
            interval_seconds: 900,
        };
        for clearing in [1, 4] {
            let calendar = Calendar::new(clock, clearing);
            assert_eq!(calendar.due(9), clock.begin(Interval(10 - clearing)));
            assert_eq!(calendar.over(9), clock.begin(Interval(10)));
        }
        // It would have been due before the market began.
        let calendar = Calendar::new(clock, 100);
        assert_eq!(calendar.due(0), 0);
    }
}
