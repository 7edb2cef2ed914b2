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

/// The sum of a column of a file of the run in folder `name`, over the rows whose first cell begins with
/// `first`.
fn sum_of(name: &str, file: &str, column: &str, first: &str) -> f64 {
    let mut reader = csv::Reader::from_path(folder(name).join(file)).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|header| header == column).unwrap();
    let records = reader.records().map(|record| record.unwrap());
    records
        .filter(|record| record[0].starts_with(first))
        .map(|record| record[at].parse::<f64>().unwrap())
        .sum()
}

/// The same over all rows.
fn sum(name: &str, file: &str, column: &str) -> f64 {
    sum_of(name, file, column, "")
}

/// That the statements of programmes, weeks and months in folder `name` all sum to what was spent.
fn check_statements(name: &str, summary: &Value) {
    let spent = (1e6 * number(summary, "spent")).round();
    for ledger in ["programme", "week", "month"] {
        let paid = sum_of(name, "statements.csv", "paid_micro", ledger);
        assert_eq!(paid, spent, "{ledger}");
    }
    assert_eq!(sum(name, "budgets.csv", "paid_micro"), spent);
    assert_eq!(sum(name, "days.csv", "spent_micro"), spent);
}

#[test]
fn an_evening_is_covered_and_its_events_are_audited() {
    let summary = run("crowd-model", &[&evening()]);
    check(&summary);
    check_statements("crowd-model", &summary);
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
fn days_follow_one_another_and_their_weeks_and_months_reconcile() {
    let summary = run("crowd-days", &[&evening(), "--days", "2"]);
    check(&summary);
    assert_eq!(summary["days"], 2);
    // A week and a month, the first of the run's.
    assert_eq!(summary["periods"], 2);
    check_statements("crowd-days", &summary);
    let of_day = |day: &str| sum_of("crowd-days", "days.csv", "shortage_wh", day);
    let (first, second) = (of_day("0"), of_day("1"));
    assert!(first > 0.0 && second > 0.0 && first != second);
    let shortage = (1e3 * number(&summary, "shortage_kwh")).round();
    assert_eq!(first + second, shortage);
    for day in ["0", "1"] {
        let tasks = sum_of("crowd-days", "days.csv", "tasks", day);
        assert!(tasks > 0.0, "day {day}");
    }
}

/// Run with `cargo test --workspace --test crowd -- --ignored`; some minutes.
#[test]
#[ignore = "thirty days of the shipped scenario take minutes"]
fn a_month_of_the_shipped_scenario_reconciles() {
    let summary = run("crowd-month", &["ces-56", "--days", "30"]);
    check(&summary);
    // Five weeks, the first and the last of them in part, and a month.
    assert_eq!(summary["periods"], 6);
    check_statements("crowd-month", &summary);
    assert_eq!(number(&summary, "surplus_absorbed_pct"), 100.0);
    assert!(number(&summary, "accepted_after_raise") > 0.0);
}

#[test]
fn only_crowds_accept() {
    let said = refusal(&gridweave(&["run", "quick", "--acceptance", "all"]));
    assert!(said.contains("has no crowd"), "{said}");
}
