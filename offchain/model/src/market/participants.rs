//! Ranges of what a scenario says of batteries, producers and consumers.

use super::document::Document;
use crate::Flaw;
use crate::check::ensure;
use crate::scenario::measured::DAYS;

/// The first value that is not what it must be.
pub(super) fn check_participants(document: &Document) -> Result<(), Flaw> {
    let feeders = document.market.feeders;
    if let Some(battery) = &document.battery {
        for (key, kwh) in [
            ("battery.energy_kwh", battery.energy_kwh),
            ("battery.charge_kwh", battery.charge_kwh),
        ] {
            ensure((0.0..=1e6).contains(&kwh), key, kwh, "from 0 to 1e6")?;
        }
    }
    for (at, producer) in document.producer.iter().enumerate() {
        let key = |field: &str| format!("producer[{at}].{field}");
        let expected = format!("from 1 to `market.feeders`, {feeders}");
        ensure(
            (1..=feeders).contains(&producer.feeder),
            &key("feeder"),
            producer.feeder,
            expected,
        )?;
        ensure(
            (0.0..=1e6).contains(&producer.kwp),
            &key("kwp"),
            producer.kwp,
            "from 0 to 1e6",
        )?;
    }
    let recorded = document.market.offers_csv.is_some();
    ensure(
        recorded != document.consumers.is_some(),
        "consumers",
        if recorded { "given" } else { "missing" },
        "either a table [consumers] or `market.offers_csv`",
    )?;
    let Some(consumers) = &document.consumers else {
        return Ok(());
    };
    ensure(
        consumers.day < DAYS,
        "consumers.day",
        consumers.day,
        format!("0 to {}", DAYS - 1),
    )?;
    let listed = consumers.by_feeder.len();
    ensure(
        u32::try_from(listed).is_ok_and(|listed| listed == feeders),
        "consumers.by_feeder",
        format!("{listed} numbers"),
        format!("one per feeder, {feeders}"),
    )?;
    let homes: u64 = consumers.by_feeder.iter().copied().map(u64::from).sum();
    ensure(
        homes <= 10_000,
        "consumers.by_feeder",
        format!("{homes} homes"),
        "at most 10000",
    )
}
