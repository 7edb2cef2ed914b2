//! Meters on the node: whoever dies on the way, every reading is taken once.

use std::collections::BTreeMap;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use gridweave_chain::ChainEvent;

use crate::common::kills::kill_actor;
use crate::common::ledger::count;
use crate::common::network::Network;
use crate::common::run as embedded;
use crate::common::site::{Site, ended};
use crate::common::{check_bills, number};

/// How long to wait for the next reading.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often the meters die, if the day is long enough.
const DEATHS: usize = 3;
/// Bytes of a reading.
const READING: usize = 8;

#[test]
fn meters_that_are_killed_leave_no_gap_and_repeat_nothing() {
    let Some(network) = Network::shared() else {
        return;
    };
    let expected = embedded("e2e-meters-embedded", &["quick"]);
    let site = Site::new(network, "e2e-meters");
    let scenario = site.patient_quick();
    let deployed = site.deploy(&network.artifacts, &["--scenario", &scenario]);
    assert!(deployed.status.success());
    let before = network.height();
    let mut run = site.start("run", &[&scenario]);
    let billing = site.contract("billing");
    let mut deaths = 0;
    let mut seen = 0;
    while deaths < DEATHS {
        let more = await_readings(&site, &mut run, (&billing, before), seen);
        let Some(more) = more else { break };
        seen = more;
        deaths += usize::from(kill_actor(&site.folder.join("run"), "meters"));
    }
    assert!(deaths > 0, "the meters were never killed");
    let summary = ended(run);
    check_bills(&summary);
    assert_eq!(
        summary["energy_scheduled_wh"],
        expected["energy_scheduled_wh"]
    );

    let events = network.events_of(&billing, before);
    assert_eq!(count(&events, "period_opened"), 1);
    let homes = number(&summary, "agents") as usize;
    let series = readings(&events);
    // The root's meter is one more.
    assert_eq!(series.len(), homes + 1, "{series:?}");
    for (account, batches) in series {
        for pair in batches.windows(2) {
            let (from, length) = pair[0];
            assert_eq!(pair[1].0, from + length, "{account}: {batches:?}");
        }
    }
    let nonces = events
        .iter()
        .filter(|event| event.action() == Some("readings_submitted"));
    let mut nonces: Vec<_> = nonces
        .map(|event| (event.attribute("account"), event.attribute("nonce")))
        .collect();
    let messages = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), messages);
}

/// Waits until more than `seen` messages with readings are in; how many there are, or nothing when
/// the run has ended.
fn await_readings(
    site: &Site<'_>,
    run: &mut Child,
    (billing, before): (&str, u64),
    seen: usize,
) -> Option<usize> {
    let start = Instant::now();
    loop {
        let events = site.network.events_of(billing, before);
        let found = count(&events, "readings_submitted");
        if found > seen {
            return Some(found);
        }
        if run.try_wait().unwrap().is_some() {
            return None;
        }
        assert!(start.elapsed() < PATIENCE, "no more readings than {seen}");
        thread::sleep(Duration::from_millis(200));
    }
}

/// First interval and length of every message, by account.
fn readings(events: &[ChainEvent]) -> BTreeMap<String, Vec<(usize, usize)>> {
    let mut series: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for event in events {
        if event.action() == Some("readings_submitted") {
            let text = |key: &str| event.attribute(key).unwrap().to_owned();
            let packed = text("readings");
            let padding = packed.matches('=').count();
            let length = (packed.len() / 4 * 3 - padding) / READING;
            let from = text("from").parse().unwrap();
            series
                .entry(text("account"))
                .or_default()
                .push((from, length));
        }
    }
    series
}
