//! Crowdsourced days on the embedded chain.

mod common;

use common::{folder, gridweave, json, number, refusal, run};
use serde_json::Value;

/// A crowd of four at two feeders.
fn evening() -> String {
    format!("{}/tests/crowd/evening.toml", env!("CARGO_MANIFEST_DIR"))
}

/// That every shortage is met within the budget, and that nothing is lost.
fn check(summary: &Value) {
    assert!(number(summary, "shortage_kwh") > 0.0, "{summary}");
    assert_eq!(number(summary, "shortage_met_pct"), 100.0, "{summary}");
    assert_eq!(number(summary, "budget_overrun"), 0.0, "{summary}");
    assert!(number(summary, "spent") <= number(summary, "budget"));
    let ends = ["accepted_first", "accepted_after_raise", "declined"];
    let ended: f64 = ends.iter().map(|key| number(summary, key)).sum();
    assert_eq!(number(summary, "tasks"), ended, "{summary}");
    assert_eq!(summary["conservation_error"], 0);
    assert_eq!(summary["audit_differences"], 0);
}

/// The sum of a column of a file of the run in folder `name`.
fn sum(name: &str, file: &str, column: &str) -> f64 {
    let mut reader = csv::Reader::from_path(folder(name).join(file)).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|header| header == column).unwrap();
    let records = reader.records().map(|record| record.unwrap());
    records
        .map(|record| record[at].parse::<f64>().unwrap())
        .sum()
}

#[test]
fn an_evening_is_covered_and_its_events_are_audited() {
    let summary = run("crowd-model", &[&evening()]);
    check(&summary);
    let paid = sum("crowd-model", "statements.csv", "paid_micro");
    assert_eq!(paid, sum("crowd-model", "budgets.csv", "paid_micro"));
    assert_eq!(paid, (1e6 * number(&summary, "spent")).round());
    // The file says enough to find the same without the chain, the crowd's contract included.
    let written = folder("crowd-model");
    let log = std::fs::read_to_string(written.join("events.jsonl")).unwrap();
    let subject: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    let contract = subject["crowdsourcing"].as_str().unwrap();
    let own = log.lines().skip(1).filter(|line| line.contains(contract));
    assert!(own.count() > 20);
    let audit = gridweave(&["audit", "--events", written.to_str().unwrap(), "--json"]);
    assert_eq!(json(&audit)["differences"], 0);
}

#[test]
fn whoever_is_told_to_accepts_at_once() {
    let summary = run("crowd-all", &[&evening(), "--acceptance", "all"]);
    check(&summary);
    assert!(number(&summary, "tasks") > 0.0, "{summary}");
    assert_eq!(summary["accepted_first"], summary["tasks"]);
}

#[test]
fn only_crowds_accept() {
    let said = refusal(&gridweave(&["run", "quick", "--acceptance", "all"]));
    assert!(said.contains("has no crowd"), "{said}");
}
