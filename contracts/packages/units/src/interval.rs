//! Time as an index of intervals.

use serde::{Deserialize, Serialize};

/// Index of an interval since genesis.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Interval(pub u32);

/// Maps block time to intervals: `t = (now − genesis) / interval_seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Clock {
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval; a scenario may compress time.
    pub interval_seconds: u32,
}

impl Clock {
    /// The interval that contains `now` (unix seconds); `None` before genesis or when the clock
    /// has no interval length.
    pub fn interval_at(&self, now: u64) -> Option<Interval> {
        let elapsed = now.checked_sub(u64::from(self.genesis))?;
        let index = elapsed.checked_div(u64::from(self.interval_seconds))?;
        u32::try_from(index).ok().map(Interval)
    }

    /// Unix seconds at which `interval` begins.
    pub fn begin(&self, interval: Interval) -> u64 {
        u64::from(self.genesis) + u64::from(interval.0) * u64::from(self.interval_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_start_at_genesis() {
        let clock = Clock {
            genesis: 1_000,
            interval_seconds: 900,
        };
        assert_eq!(clock.interval_at(999), None);
        assert_eq!(clock.interval_at(1_000), Some(Interval(0)));
        assert_eq!(clock.interval_at(1_899), Some(Interval(0)));
        assert_eq!(clock.interval_at(1_900), Some(Interval(1)));
        assert_eq!(clock.begin(Interval(1)), 1_900);
    }

    #[test]
    fn a_clock_without_length_has_no_intervals() {
        let clock = Clock {
            genesis: 0,
            interval_seconds: 0,
        };
        assert_eq!(clock.interval_at(5), None);
    }
}
