//! A day's clock on a chain, faster than the day itself.

use gridweave_agents::terms::BillingChoice;

/// Most intervals of a statement: whoever waits for the last one waits for all of its intervals.
const STATEMENT: u32 = 12;

/// The terms of `bills` when an interval takes `seconds` on the chain, its windows with it.
pub fn compressed(mut bills: BillingChoice, seconds: u32) -> BillingChoice {
    let usual = bills.options.seconds(bills.interval_hours).max(1);
    let horizon = bills.horizon as u32;
    let options = &mut bills.options;
    let windows = [
        &mut options.reading_seconds,
        &mut options.dispute_seconds,
        &mut options.correction_seconds,
    ];
    for window in windows {
        *window = window.map(|window| {
            let scaled = u64::from(window) * u64::from(seconds) / u64::from(usual);
            u32::try_from(scaled).unwrap_or(u32::MAX)
        });
    }
    options.interval_seconds = Some(seconds);
    let statement = options.period_intervals.unwrap_or(horizon);
    options.period_intervals = Some(statement.min(STATEMENT));
    bills
}
