//! A crowd on the node: processes that are asked for energy by an operator that dies.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use crate::common::kills::kill_actor;
use crate::common::ledger::count;
use crate::common::network::Network;
use crate::common::site::{Site, ended};
use crate::common::{folder, gridweave, number, run as embedded, text};

/// How often the operator is killed: after a first and a second batch of tasks.
const KILLS: usize = 2;

/// Four hours of a crowd of four at two feeders.
fn dusk() -> String {
    format!("{}/tests/crowd/dusk.toml", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn processes_cover_the_dusk_though_the_operator_dies() {
    let Some(network) = Network::shared() else {
        return;
    };
    let day = dusk();
    let expected = embedded("e2e-crowd-embedded", &[&day]);
    let site = Site::new(network, "e2e-crowd");
    let before = network.height();
    let clock = ["--interval-seconds", "8", "--lead", "10"];
    let mut run = site.start("run", &[&[&*day], &clock[..]].concat());
    let killed = kill_operator(&mut run, &site, before);
    let summary = ended(run);
    assert_eq!(killed, KILLS, "{summary}");

    assert_eq!(summary["shortage_kwh"], expected["shortage_kwh"]);
    assert_eq!(number(&summary, "shortage_met_pct"), 100.0, "{summary}");
    assert_eq!(number(&summary, "budget_overrun"), 0.0, "{summary}");
    assert!(number(&summary, "tasks") > 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    assert_eq!(summary["audit_differences"], 0, "{summary}");
    // The operator, a keeper, four crowdsourcees and two generators.
    assert_eq!(summary["processes"], 8, "{summary}");

    let events = network.events_of(&site.contract("crowdsourcing"), before);
    assert_eq!(count(&events, "programme_created"), 1);
    let mut settled = BTreeMap::new();
    let settlements = events
        .iter()
        .filter(|event| event.kind == "wasm-task_settled");
    for task in settlements.map(|event| event.attribute("task").unwrap()) {
        *settled.entry(task).or_insert(0) += 1;
    }
    assert!(!settled.is_empty());
    assert!(settled.values().all(|times| *times == 1), "{settled:?}");
    let audit = gridweave(&[
        "audit",
        "--events",
        site.folder.join("run").to_str().unwrap(),
    ]);
    let said = text(&audit.stdout);
    assert!(said.contains("0 differences"), "{said}");
    same_answers(&folder("e2e-crowd-embedded"), &site.folder.join("run"));
}

/// Kills the operator whenever tasks have been offered again; how often.
fn kill_operator(run: &mut Child, site: &Site<'_>, before: u64) -> usize {
    let out = site.folder.join("run");
    let mut killed = 0;
    while killed < KILLS && run.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(100));
        let deployment = fs::read_to_string(site.deployment()).unwrap_or_default();
        if !deployment.contains("crowdsourcing") {
            continue;
        }
        let events = site
            .network
            .events_of(&site.contract("crowdsourcing"), before);
        if count(&events, "tasks_offered") > killed && kill_actor(&out, "operator") {
            killed += 1;
        }
    }
    killed
}

/// That whoever was asked for the same has said the same.
fn same_answers(one: &Path, other: &Path) {
    let (expected, found) = (answers(one), answers(other));
    let common: Vec<_> = found
        .keys()
        .filter(|key| expected.contains_key(*key))
        .collect();
    assert!(!common.is_empty(), "{expected:?} {found:?}");
    for key in common {
        assert_eq!(found[key], expected[key], "{key:?}");
    }
}

/// What became of tasks, by account, interval, energy, price, incentive and round.
fn answers(folder: &Path) -> BTreeMap<Vec<String>, String> {
    let mut reader = csv::Reader::from_path(folder.join("tasks.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let key = [
        "account",
        "interval",
        "energy_wh",
        "price_micro_per_kwh",
        "incentive_micro_per_kwh",
        "round",
    ];
    let (key, state) = (key.map(column), column("state"));
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| {
        let key = key.iter().map(|at| row[*at].to_owned()).collect();
        (key, row[state].to_owned())
    })
    .collect()
}
