//! Ranges of the table `[crowdsourcing]`.

use super::document::{AcceptanceTable, CrowdsourcingTable, PreferencesTable, VariationTable};
use crate::Flaw;
use crate::check::{above, at_least, ensure, within};

const HOURS: u32 = 24;
/// Most raises of a task, as in the `crowdsourcing` contract.
const MOST_RAISES: u32 = 16;

/// The first value that is not what it must be; keys without the table's name.
pub(super) fn check(table: &CrowdsourcingTable) -> Result<(), Flaw> {
    within("type2_share", table.type2_share, 0.0, 1.0)?;
    above("incentive_cap", table.incentive_cap, 0.0)?;
    at_least("budget_per_mwh", table.budget_per_mwh.unwrap_or(0.0), 0.0)?;
    above("supplement_price", table.supplement_price, 0.0)?;
    ensure(
        table.raises <= MOST_RAISES,
        "raises",
        table.raises,
        format!("at most {MOST_RAISES}"),
    )?;
    check_variation(&table.variation).map_err(|flaw| flaw.within("variation"))?;
    check_preferences(&table.preferences).map_err(|flaw| flaw.within("preferences"))?;
    check_acceptance(&table.acceptance).map_err(|flaw| flaw.within("acceptance"))
}

/// Together at most 1, so that a shortage stays one.
fn check_variation(table: &VariationTable) -> Result<(), Flaw> {
    within("day", table.day, 0.0, 1.0)?;
    within("interval", table.interval, 0.0, 1.0 - table.day)
}

fn check_preferences(table: &PreferencesTable) -> Result<(), Flaw> {
    let from = table.available_from;
    hours("available_until", table.available_until, HOURS)?;
    // So that everybody is available for an hour at least.
    let last = table.available_until[0].saturating_sub(1);
    hours("available_from", from, last)?;
    range("power", table.power)?;
    within("power[1]", table.power[1], 0.0, 1.0)?;
    range("energy_hours", table.energy_hours)?;
    range("floor", table.floor)?;
    within("floor[1]", table.floor[1], 0.0, 1.0)
}

fn check_acceptance(table: &AcceptanceTable) -> Result<(), Flaw> {
    range("reservation", table.reservation)?;
    range("slope", table.slope)?;
    range("ceiling", table.ceiling)?;
    above("spread", table.spread, 0.0)?;
    within("silence", table.silence, 0.0, 1.0)
}

fn hours(key: &str, [low, high]: [u32; 2], most: u32) -> Result<(), Flaw> {
    ensure(
        low <= high && high <= most,
        key,
        format_args!("[{low}, {high}]"),
        format!("two ascending hours of at most {most}"),
    )
}

fn range(key: &str, [low, high]: [f64; 2]) -> Result<(), Flaw> {
    at_least(&format!("{key}[0]"), low, 0.0)?;
    at_least(&format!("{key}[1]"), high, low)
}
