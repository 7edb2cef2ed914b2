//! When things are due: the clock and the windows of `billing`.

use gridweave_rules::settlement::Timeline;
use gridweave_types::crowdsourcing::{ConfigResponse, Ledger, MONTH_DAYS, Terms, WEEK_DAYS};
use gridweave_units::{Clock, Interval};

/// The clock of `billing`.
pub const fn timeline(config: &ConfigResponse) -> Timeline {
    Timeline {
        clock: Clock {
            genesis: config.genesis,
            interval_seconds: config.interval_seconds,
        },
        reading: config.windows.reading,
        dispute: config.windows.dispute,
        correction: config.windows.correction,
    }
}

/// Unix seconds at which an interval begins.
pub fn begin(config: &ConfigResponse, interval: u32) -> u64 {
    timeline(config).begin(Interval(interval))
}

/// From when on nothing about an interval changes in `billing` (unix seconds).
pub fn final_at(config: &ConfigResponse, interval: u32) -> u64 {
    timeline(config).final_at(Interval(interval))
}

/// Ledgers that an interval of a programme belongs to: programme, week, month.
pub fn ledgers(config: &ConfigResponse, programme: u32, interval: u32) -> [Ledger; 3] {
    let days = |days: u32| config.day_intervals.saturating_mul(days).max(1);
    [
        Ledger::Programme { programme },
        Ledger::Week {
            week: interval / days(WEEK_DAYS),
        },
        Ledger::Month {
            month: interval / days(MONTH_DAYS),
        },
    ]
}

/// Last interval of a ledger; `terms` are those of a programme.
pub fn last_interval(config: &ConfigResponse, ledger: Ledger, terms: Option<&Terms>) -> u32 {
    let (number, days) = match ledger {
        Ledger::Programme { .. } => return terms.map_or(u32::MAX, Terms::last),
        Ledger::Week { week } => (week, WEEK_DAYS),
        Ledger::Month { month } => (month, MONTH_DAYS),
    };
    let length = config.day_intervals.saturating_mul(days);
    let end = number.saturating_add(1).saturating_mul(length);
    end.saturating_sub(1)
}
