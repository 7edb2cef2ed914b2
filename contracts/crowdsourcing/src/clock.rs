//! When intervals begin and are final.

use gridweave_types::crowdsourcing::ConfigResponse;
use gridweave_units::Interval;

/// Unix seconds at which an interval begins.
pub fn begin(config: &ConfigResponse, interval: u32) -> u64 {
    config.timeline().begin(Interval(interval))
}

/// From when on nothing about an interval changes in `billing` (unix seconds).
pub fn final_at(config: &ConfigResponse, interval: u32) -> u64 {
    config.timeline().final_at(Interval(interval))
}
