//! Periods: a week or a month of intervals, and one statement per account.

mod open;
mod reconcile;

pub use open::open;
pub use reconcile::{reconcile, total};

use gridweave_types::parameter::invalid;
use gridweave_units::Interval;

use crate::error::ContractError;
use crate::state::Config;

/// First and last interval of a period.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for a period beyond the last interval.
pub fn bounds(config: &Config, period: u32) -> Result<(Interval, Interval), ContractError> {
    let last = config.period_of(u32::MAX);
    config
        .intervals_of(period)
        .ok_or_else(|| invalid("period", &period, format!("at most {last}")))
}
