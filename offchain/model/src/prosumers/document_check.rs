//! Ranges of a scenario document's values.

use super::document::{Document, ProsumersTable};
use crate::Flaw;
use crate::check::{above, ensure, within};
use crate::scenario::measured::DAYS;

/// Hours of a day.
pub(super) const HOURS_OF_DAY: usize = 24;
/// Four weeks.
const LONGEST_HOURS: usize = 672;
const MOST_HOMES: usize = 10_000;

/// The first value that nothing can be built from; the community is checked after it is built.
pub(super) fn check(document: &Document) -> Result<(), Flaw> {
    let (horizon, prosumers) = (document.horizon, &document.prosumers);
    ensure(
        (2..=LONGEST_HOURS).contains(&horizon),
        "horizon",
        horizon,
        format!("from 2 to {LONGEST_HOURS} hours"),
    )?;
    ensure(
        (1..=MOST_HOMES).contains(&prosumers.homes),
        "prosumers.homes",
        prosumers.homes,
        format!("from 1 to {MOST_HOMES}"),
    )?;
    let last = DAYS - 1;
    ensure(
        prosumers.day <= last,
        "prosumers.day",
        prosumers.day,
        format!("0 to {last}"),
    )?;
    check_network(prosumers)?;
    let [from, to] = document.tariff.dr_hours;
    ensure(
        from <= to && to <= HOURS_OF_DAY,
        "tariff.dr_hours",
        format_args!("[{from}, {to}]"),
        "[start, end] with start ≤ end ≤ 24",
    )?;
    check_days(document)?;
    check_devices(document)
}

fn check_days(document: &Document) -> Result<(), Flaw> {
    let days = document.horizon.div_ceil(HOURS_OF_DAY);
    for (at, &day) in document.tariff.dr_days.iter().flatten().enumerate() {
        let key = format!("tariff.dr_days[{at}]");
        let last = days - 1;
        ensure(
            day < days,
            &key,
            day,
            format!("0 to {last}, days of the horizon"),
        )?;
    }
    Ok(())
}

fn check_network(prosumers: &ProsumersTable) -> Result<(), Flaw> {
    let Some(kva) = prosumers.network_kva else {
        return Ok(());
    };
    above("prosumers.network_kva", kva, 0.0)?;
    ensure(
        prosumers.network.is_some(),
        "prosumers.network_kva",
        kva,
        "`prosumers.network` beside it",
    )
}

fn check_devices(document: &Document) -> Result<(), Flaw> {
    let devices = &document.devices;
    for (key, share) in [
        ("devices.solar_share", devices.solar_share),
        ("devices.storage_share", devices.storage_share),
        ("devices.shiftable_part", devices.shiftable_part),
    ] {
        within(key, share, 0.0, 1.0)?;
    }
    for (key, [low, high]) in [
        ("prosumers.load_factor", document.prosumers.load_factor),
        ("devices.solar_kwp", devices.solar_kwp),
        ("devices.storage_kwh", devices.storage_kwh),
        ("devices.omega_s", devices.omega_s),
        ("devices.temp_ref_c", devices.temp_ref_c),
        ("devices.omega_ac", devices.omega_ac),
    ] {
        ensure(
            0.0 <= low && low <= high && high.is_finite(),
            key,
            format_args!("[{low}, {high}]"),
            "[low, high] with 0 ≤ low ≤ high",
        )?;
    }
    above("devices.storage_hours", devices.storage_hours, 0.0)?;
    above("devices.gamma_c_per_kw", devices.gamma_c_per_kw, 0.0)
}
