//! When an interval's meter may report, when it is settled, and when it is final.

use gridweave_units::{Clock, Interval};

/// The clock and the windows after each interval's end, all in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Interval lengths.
    pub clock: Clock,
    /// After an interval's end: how long a reading is on time.
    pub reading: u32,
    /// After the reading deadline, and after each later reading: how long it may be disputed.
    pub dispute: u32,
    /// After an interval's end: how long readings and corrections are taken at all.
    pub correction: u32,
}

impl Timeline {
    /// Unix seconds at which `interval` begins.
    pub fn begin(&self, interval: Interval) -> u64 {
        self.clock.begin(interval)
    }

    /// Unix seconds at which `interval` ends.
    pub fn end(&self, interval: Interval) -> u64 {
        self.begin(interval)
            .saturating_add(self.clock.interval_seconds.into())
    }

    /// From when commitments to `interval` are refused. Energy and price of a `paid` one were fixed
    /// before the interval began, so it is taken while the interval lasts.
    pub fn commits_until(&self, interval: Interval, paid: bool) -> u64 {
        match paid {
            true => self.end(interval),
            false => self.begin(interval),
        }
    }

    /// From when an interval may be settled, a silent meter's energy being estimated.
    pub fn settles_at(&self, interval: Interval) -> u64 {
        self.end(interval)
            .saturating_add(self.reading.into())
            .saturating_add(self.dispute.into())
    }

    /// Until when a reading that came at `received` may be disputed, and is not yet settled.
    pub fn disputed_until(&self, interval: Interval, received: u64) -> u64 {
        let own = received.saturating_add(u64::from(self.dispute));
        self.settles_at(interval).max(own)
    }

    /// From when on nothing about an interval can change except that it is settled.
    pub fn final_at(&self, interval: Interval) -> u64 {
        self.end(interval).saturating_add(self.correction.into())
    }

    /// The first interval whose readings are still taken at `now`.
    pub fn first_open(&self, now: u64) -> Interval {
        now.checked_sub(u64::from(self.correction))
            .and_then(|then| self.clock.interval_at(then))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMELINE: Timeline = Timeline {
        clock: Clock {
            genesis: 1_000,
            interval_seconds: 900,
        },
        reading: 100,
        dispute: 50,
        correction: 2_000,
    };

    #[test]
    fn windows_follow_the_end_of_the_interval() {
        assert_eq!(TIMELINE.end(Interval(0)), 1_900);
        assert_eq!(TIMELINE.settles_at(Interval(0)), 2_050);
        assert_eq!(TIMELINE.disputed_until(Interval(0), 1_950), 2_050);
        assert_eq!(TIMELINE.disputed_until(Interval(0), 2_040), 2_090);
        assert_eq!(TIMELINE.final_at(Interval(0)), 3_900);
    }

    #[test]
    fn paid_commitments_are_taken_until_readings_are() {
        assert_eq!(TIMELINE.commits_until(Interval(2), false), 2_800);
        assert_eq!(TIMELINE.commits_until(Interval(2), true), 3_700);
        assert_eq!(
            TIMELINE.commits_until(Interval(2), true),
            TIMELINE.end(Interval(2))
        );
    }

    #[test]
    fn the_first_open_interval_is_the_first_that_is_not_final() {
        for now in 0..20_000 {
            let first = TIMELINE.first_open(now);
            assert!(TIMELINE.final_at(first) > now);
            if let Some(before) = first.0.checked_sub(1) {
                assert!(TIMELINE.final_at(Interval(before)) <= now);
            }
        }
    }

    #[test]
    fn the_limits_do_not_overflow() {
        let largest = Timeline {
            clock: Clock {
                genesis: u32::MAX,
                interval_seconds: u32::MAX,
            },
            reading: u32::MAX,
            dispute: u32::MAX,
            correction: u32::MAX,
        };
        let last = Interval(u32::MAX);
        assert_eq!(largest.settles_at(last), u64::MAX);
        assert_eq!(largest.disputed_until(last, u64::MAX), u64::MAX);
    }
}
