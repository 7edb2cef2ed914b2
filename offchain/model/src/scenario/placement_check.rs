//! Ranges of the tables that place devices at random.

use super::clock::{Clock, DAY};
use super::document::{BatteryTable, DeferrableTable, Document, ShapableTable};
use crate::Flaw;
use crate::check::{above, all_at_least, at_least, ensure, within};

pub(super) fn check(document: &Document, clock: Clock) -> Result<(), Flaw> {
    let timed = document.shapable.is_some() || document.deferrable.is_some();
    ensure(
        !timed || clock.whole_days().is_some(),
        "horizon",
        clock.horizon,
        "whole days, since [shapable] or [deferrable] places loads in every day",
    )?;
    if let Some(table) = &document.solar {
        within("solar.share", table.share, 0.0, 1.0)?;
        range("solar.size", table.size)?;
    }
    if let Some(table) = &document.battery {
        check_battery(table).map_err(|flaw| flaw.within("battery"))?;
    }
    if let Some(table) = &document.shapable {
        check_shapable(table).map_err(|flaw| flaw.within("shapable"))?;
    }
    if let Some(table) = &document.deferrable {
        check_deferrable(table).map_err(|flaw| flaw.within("deferrable"))?;
    }
    let costs = document.user_cost;
    at_least("user_cost.battery_wear", costs.battery_wear, 0.0)?;
    at_least(
        "user_cost.shapable_discomfort",
        costs.shapable_discomfort,
        0.0,
    )
}

fn check_battery(table: &BatteryTable) -> Result<(), Flaw> {
    within("share", table.share, 0.0, 1.0)?;
    above("power", table.power, 0.0)?;
    above("hours", table.hours, 0.0)?;
    above("eta", table.eta, 0.0)?;
    within("eta", table.eta, 0.0, 1.0)?;
    within("soc_min", table.soc_min, 0.0, 1.0)?;
    within("soc_max", table.soc_max, table.soc_min, 1.0)?;
    within("soc_start", table.soc_start, table.soc_min, table.soc_max)?;
    within("soc_end", table.soc_end, table.soc_min, table.soc_max)
}

fn check_shapable(table: &ShapableTable) -> Result<(), Flaw> {
    within("share", table.share, 0.0, 1.0)?;
    range("energy_hours", table.energy_hours)?;
    let hours = |key, [low, high]: [u32; 2], most: u32| {
        let ok = low <= high && high <= most;
        let found = format!("[{low}, {high}]");
        ensure(
            ok,
            key,
            found,
            format!("two ascending hours of at most {most}"),
        )
    };
    hours("end", table.end, DAY as u32)?;
    // So that every window has at least an hour.
    hours("start", table.start, table.end[0].saturating_sub(1))?;
    match table.duration {
        None => Ok(()),
        Some([0, _]) => Err(Flaw::new("duration", "[0, …]", "at least an hour")),
        Some(duration) => hours("duration", duration, table.end[1] - table.start[0]),
    }
}

fn check_deferrable(table: &DeferrableTable) -> Result<(), Flaw> {
    within("share", table.share, 0.0, 1.0)?;
    range("power", table.power)?;
    for (key, [low, high]) in [("earliest", table.earliest), ("max_delay", table.max_delay)] {
        let found = format!("[{low}, {high}]");
        ensure(low <= high, key, found, "two ascending hours")?;
    }
    let latest = u64::from(table.earliest[1]) + u64::from(table.max_delay[1]);
    ensure(
        latest < DAY as u64,
        "max_delay",
        format!("[{}, {}]", table.max_delay[0], table.max_delay[1]),
        "starts within the day: earliest[1] + max_delay[1] of at most 23",
    )?;
    ensure(
        !table.profile.is_empty(),
        "profile",
        "empty",
        "at least one number",
    )?;
    all_at_least("profile", &table.profile, 0.0)
}

fn range(key: &str, [low, high]: [f64; 2]) -> Result<(), Flaw> {
    at_least(&format!("{key}[0]"), low, 0.0)?;
    at_least(&format!("{key}[1]"), high, low)
}
