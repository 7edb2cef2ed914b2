//! When what happens in a market on a chain.

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
    /// As `terms` have it.
    pub fn of(terms: &ConfigResponse) -> Self {
        Self {
            clock: Clock {
                genesis: terms.genesis,
                interval_seconds: terms.interval_seconds,
            },
            clearing: terms.clearing,
        }
    }

    /// From when on an interval may be finalized (Unix seconds).
    pub fn due(&self, interval: u32) -> u64 {
        self.over(interval).saturating_sub(self.open_seconds())
    }

    /// When an interval ends: nothing of it is credited from then on (Unix seconds).
    pub fn over(&self, interval: u32) -> u64 {
        self.clock.begin(Interval(interval.saturating_add(1)))
    }

    /// Homes post within so many seconds from when a round opens: a third of an interval, so that solvers
    /// have the rest.
    pub fn post_seconds(&self) -> u64 {
        self.interval() / 3
    }

    /// Homes hand claims and money back within so many seconds from when they may: half of the time
    /// there is until they are called in.
    pub fn hand_back_seconds(&self) -> u64 {
        self.open_seconds().saturating_sub(self.call_in_seconds()) / 2
    }

    /// So long before they can no longer be credited claims are called in: half an interval.
    pub fn call_in_seconds(&self) -> u64 {
        self.interval() / 2
    }

    /// Seconds from when an interval may be finalized until it ends.
    fn open_seconds(&self) -> u64 {
        u64::from(self.clearing) * self.interval()
    }

    fn interval(&self) -> u64 {
        u64::from(self.clock.interval_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_come_back_between_the_final_trades_and_the_end_of_the_interval() {
        let lengths = [4, 5, 20, 180, 900, 3_600];
        let cases = lengths
            .into_iter()
            .flat_map(|seconds| [(seconds, 1), (seconds, 4)]);
        for (interval_seconds, clearing) in cases {
            let clock = Clock {
                genesis: 1_000,
                interval_seconds,
            };
            let calendar = Calendar { clock, clearing };
            let (due, over) = (calendar.due(9), calendar.over(9));
            assert_eq!(due, clock.begin(Interval(10 - clearing)));
            assert_eq!(over, clock.begin(Interval(10)));
            let called_in = over - calendar.call_in_seconds();
            assert!(due + calendar.hand_back_seconds() < called_in);
            assert!(calendar.post_seconds() < u64::from(interval_seconds));
        }
    }
}
