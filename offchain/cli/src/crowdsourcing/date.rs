//! One of the days of a run.

/// A day: which one it is, and where its programme lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Days of the run before it.
    pub day: u32,
    /// Number of its programme.
    pub programme: u32,
    /// Its first interval.
    pub first: u32,
}

impl Date {
    /// The day after, where days have `horizon` intervals.
    #[must_use]
    pub const fn next(self, horizon: u32) -> Self {
        Self {
            day: self.day + 1,
            programme: self.programme + 1,
            first: self.first + horizon,
        }
    }
}
