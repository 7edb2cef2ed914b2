//! A crowd on the node: processes that are asked for energy by an operator that dies.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

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
fn nothing_is_lost_at_dusk_though_the_operator_dies() {
    killed_dusk("e2e-crowd", "10");
}

/// Minutes, so that a killed operator is back in time however busy the machine is.
#[test]
#[ignore = "minutes: cargo test --package gridweave --test e2e crowd -- --ignored"]
fn processes_cover_the_dusk_though_the_operator_dies() {
    let Some((expected, summary)) = killed_dusk("e2e-crowd-slow", "40") else {
        return;
    };
    assert_eq!(summary["shortage_kwh"], expected["shortage_kwh"]);
    assert_eq!(number(&summary, "shortage_met_pct"), 100.0, "{summary}");
}

/// Runs the dusk in intervals of so many seconds with an operator that dies, and checks what holds
/// however late it comes back. The summaries of the embedded chain and of this one.
fn killed_dusk(name: &str, seconds: &str) -> Option<(Value, Value)> {
    let network = Network::shared()?;
    let (day, beside) = (dusk(), format!("{name}-embedded"));
    let expected = embedded(&beside, &[&day]);
    let site = Site::new(network, name);
    let before = network.height();
    let clock = ["--interval-seconds", seconds, "--lead", "8"];
    let mut run = site.start("run", &[&[&*day], &clock[..]].concat());
    let killed = kill_operator(&mut run, &site, before);
    let summary = ended(run);
    assert!(killed > 0, "{summary}");
    assert_eq!(number(&summary, "budget_overrun"), 0.0, "{summary}");
    assert!(number(&summary, "tasks") > 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    assert_eq!(summary["audit_differences"], 0, "{summary}");
    // The operator, a keeper, four crowdsourcees and a generator.
    assert_eq!(summary["processes"], 7, "{summary}");
    paid_once(&site, before);
    let out = site.folder.join("run");
    let audit = gridweave(&["audit", "--events", out.to_str().unwrap()]);
    let said = text(&audit.stdout);
    assert!(said.contains("0 differences"), "{said}");
    same_answers(&folder(&beside), &out);
    Some((expected, summary))
}

/// That there is one programme, and that no task of it was settled twice.
fn paid_once(site: &Site<'_>, before: u64) {
    let contract = site.contract("crowdsourcing");
    let events = site.network.events_of(&contract, before);
    assert_eq!(count(&events, "programme_created"), 1);
    let mut settled = BTreeMap::new();
    let settlements = events
        .iter()
        .filter(|event| event.kind == "wasm-task_settled");
    for task in settlements.map(|event| event.attribute("task").unwrap()) {
        *settled.entry(task).or_insert(0) += 1;
    }
    assert!(settled.values().all(|times| *times == 1), "{settled:?}");
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

/// That whoever was asked for the same, and answered in time, has said the same.
fn same_answers(one: &Path, other: &Path) {
    let (expected, mut found) = (answers(one), answers(other));
    assert!(!found.is_empty());
    found.retain(|key, state| state != "expired" && expected.contains_key(key));
    for (key, state) in found {
        assert_eq!(state, expected[&key], "{key:?}");
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
