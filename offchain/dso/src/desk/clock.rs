//! When intervals begin, and until when they can be credited.

use gridweave_types::assets::PermitClass;
use gridweave_types::market::ConfigResponse;
use gridweave_units::{Clock, Interval};

use crate::Deadline;

/// The market's clock with the operator's deadlines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    clock: Clock,
    deadline: Deadline,
    /// Intervals from the next one to be finalized to an offer's last.
    pub(super) horizon: u32,
}

impl Times {
    pub(super) fn new(terms: &ConfigResponse, deadline: Deadline) -> Self {
        Self {
            clock: Clock {
                genesis: terms.genesis,
                interval_seconds: terms.interval_seconds,
            },
            deadline,
            horizon: terms.limits.horizon,
        }
    }

    /// When `interval` begins (unix seconds).
    pub(super) fn begin(&self, interval: u32) -> u64 {
        self.clock.begin(Interval(interval))
    }

    /// Why permits of `class` are too late at `now` (unix seconds), if they are.
    pub(super) fn begun(&self, class: PermitClass, now: u64) -> Option<String> {
        let (set, first) = (class.intervals, class.intervals.first().0);
        let begins = self.begin(first);
        (begins <= now).then(|| {
            format!("intervals is {set}: interval {first} began at {begins}, now is {now}")
        })
    }

    /// From when on `interval` can no longer be credited (unix seconds).
    pub(super) fn deadline(&self, interval: u32) -> u64 {
        match self.deadline {
            Deadline::Begin => self.begin(interval),
            Deadline::End => self.begin(interval.saturating_add(1)),
        }
    }

    /// The first interval that can still be credited at `now` (unix seconds).
    pub(super) fn first_open(&self, now: u64) -> u32 {
        let present = self.clock.interval_at(now).map(|interval| interval.0);
        match (present, self.deadline) {
            (None, _) => 0,
            (Some(present), Deadline::Begin) => present.saturating_add(1),
            (Some(present), Deadline::End) => present,
        }
    }
}
