//! How simulated meters report, and how devices deviate from their schedule.

use serde::{Deserialize, Serialize};

use crate::Flaw;
use crate::check::{ensure, within};

/// Most readings of one message, as in the `billing` contract.
const MAX_BATCH: u32 = 200;

/// The table `[billing.meter]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeterOptions {
    /// Readings of one message, 1 to 200.
    pub batch: u32,
    /// Standard deviation of the metered energy, relative to the scheduled one.
    pub deviation: f64,
    /// Probability that a message is late.
    pub late: f64,
    /// By how many intervals.
    pub late_intervals: u32,
    /// Probability per interval that a meter falls silent.
    pub outage: f64,
    /// For how many intervals.
    pub outage_intervals: u32,
}

impl Default for MeterOptions {
    fn default() -> Self {
        Self {
            batch: 4,
            deviation: 0.05,
            late: 0.02,
            late_intervals: 8,
            outage: 0.002,
            outage_intervals: 24,
        }
    }
}

impl MeterOptions {
    /// Checks every range.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self) -> Result<(), Flaw> {
        let fits = (1..=MAX_BATCH).contains(&self.batch);
        let expected = format!("a number from 1 to {MAX_BATCH}");
        ensure(fits, "batch", self.batch, expected)?;
        for (key, value) in [
            ("deviation", self.deviation),
            ("late", self.late),
            ("outage", self.outage),
        ] {
            within(key, value, 0.0, 1.0)?;
        }
        Ok(())
    }
}
