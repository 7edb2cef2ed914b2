//! Intervals and hours.

use crate::Flaw;
use crate::check::ensure;

/// Most intervals of a horizon: a week of hours.
const MAX_HORIZON: usize = 168;
/// Hours of a day.
pub(crate) const DAY: usize = 24;

/// The horizon in intervals that divide the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    pub horizon: usize,
    pub minutes: usize,
}

impl Clock {
    pub fn new(horizon: usize, minutes: usize) -> Result<Self, Flaw> {
        ensure(
            (1..=MAX_HORIZON).contains(&horizon),
            "horizon",
            horizon,
            format!("from 1 to {MAX_HORIZON} intervals"),
        )?;
        let divides = (1..=60).contains(&minutes) && 60 % minutes == 0;
        ensure(divides, "interval_minutes", minutes, "a divisor of 60")?;
        Ok(Self { horizon, minutes })
    }

    /// `Δt` in hours.
    pub fn interval_hours(self) -> f64 {
        self.minutes as f64 / 60.0
    }

    /// Intervals per hour.
    pub fn per_hour(self) -> usize {
        60 / self.minutes
    }

    /// Hour in which interval `t` lies.
    pub fn hour(self, t: usize) -> usize {
        t * self.minutes / 60
    }

    /// Hours of the horizon, begun ones counted.
    pub fn hours(self) -> usize {
        (self.horizon * self.minutes).div_ceil(60)
    }

    /// Days of the horizon, if it is made of whole days.
    pub fn whole_days(self) -> Option<usize> {
        let minutes = self.horizon * self.minutes;
        minutes
            .is_multiple_of(DAY * 60)
            .then_some(minutes / (DAY * 60))
    }
}
