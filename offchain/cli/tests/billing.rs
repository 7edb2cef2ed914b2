//! Bills, statements and audits on the logs of embedded chains.

mod common;

use std::path::PathBuf;
use std::sync::OnceLock;

use common::{folder, gridweave, json, run, text};
use gridweave_audit::{EVENT_LOG, EventLog};
use gridweave_testkit::billing::{Billing, two_periods};

/// A history with everything in it, and the log of it in `folder`.
fn history() -> &'static (PathBuf, Vec<String>) {
    static HISTORY: OnceLock<(PathBuf, Vec<String>)> = OnceLock::new();
    HISTORY.get_or_init(|| {
        let billing = two_periods();
        let path = folder("billing-history").join(EVENT_LOG);
        log(&billing).write(&path).unwrap();
        let accounts = billing.accounts().into_iter();
        (path, accounts.map(|held| held.account.into()).collect())
    })
}

fn log(billing: &Billing) -> EventLog {
    EventLog {
        subject: billing.subject(),
        events: billing.log(),
    }
}

/// Runs the command on the log.
fn on_log(arguments: &[&str]) -> std::process::Output {
    let path = history().0.to_str().unwrap();
    gridweave(&[arguments, &["--events", path]].concat())
}

#[track_caller]
fn refused(output: &std::process::Output, expected: &[&str]) {
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    for part in expected {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn an_audit_counts_what_it_computed() {
    let output = on_log(&["audit"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.ends_with("28 lines, 0 differences\n"), "{said}");
    assert!(said.contains("conservation error"), "{said}");
    let report = json(&on_log(&["audit", "--json"]));
    assert_eq!(report["clean"], true);
    assert_eq!(report["lines"], 28);
    assert_eq!(report["statements"], 8);
    assert_eq!(report["conservation_error"], 0);
}

#[test]
fn a_bill_shows_who_paid_what_and_why() {
    let account = history().1[0].as_str();
    let bill = json(&on_log(&["bill", account, "--json"]));
    let lines = bill["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 7);
    let total: i64 = lines
        .iter()
        .map(|line| line["total"].as_i64().unwrap())
        .sum();
    assert_eq!(bill["totals"]["total"].as_i64(), Some(total));
    assert_eq!(lines[6]["running"].as_i64(), Some(total));
    let said = text(&on_log(&["bill", account]).stdout);
    for part in [
        account,
        "shortfall, superseded 2×",
        "commitment",
        "running",
        "= balance",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_bill_may_be_of_some_intervals() {
    let account = history().1[1].as_str();
    let bill = json(&on_log(&["bill", account, "--interval", "2..3", "--json"]));
    let lines = bill["lines"].as_array().unwrap();
    let shown: Vec<u64> = lines
        .iter()
        .map(|line| line["interval"].as_u64().unwrap())
        .collect();
    assert_eq!(shown, [2, 3]);
    let wrong = on_log(&["bill", account, "--interval", "3..2"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn statements_of_a_period_sum_to_the_grid_account() {
    let period = json(&on_log(&["statement", "--period", "0", "--json"]));
    let rows = period["statements"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let total: i64 = rows.iter().map(|row| row["total"].as_i64().unwrap()).sum();
    let rest = period["grid"].as_i64().unwrap() + period["dust"].as_i64().unwrap();
    assert_eq!(total + rest, 0);
    let account = history().1[2].as_str();
    let one = json(&on_log(&[
        "statement",
        "--period",
        "0",
        "--account",
        account,
        "--json",
    ]));
    assert_eq!(one["statements"].as_array().unwrap().len(), 1);
    let said = text(&on_log(&["statement", "--period", "1"]).stdout);
    assert!(
        said.contains("period 1, intervals 4 to 7, opened"),
        "{said}"
    );
}

#[test]
fn an_unknown_account_or_period_names_the_known_ones() {
    refused(
        &on_log(&["bill", "nobody"]),
        &["account 'nobody'", "there are 5 accounts"],
    );
    let period = on_log(&["statement", "--period", "9"]);
    refused(
        &period,
        &["period 9 has no statements", "there are 2 periods: 0, 1"],
    );
    let account = on_log(&["statement", "--period", "0", "--account", "nobody"]);
    refused(&account, &["account 'nobody'"]);
}

#[test]
fn a_missing_or_damaged_log_is_named() {
    let output = gridweave(&["audit", "--events", "/nowhere/events.jsonl"]);
    refused(&output, &["/nowhere/events.jsonl", "gridweave run"]);
    let path = folder("billing-damaged").join(EVENT_LOG);
    let mut text = std::fs::read_to_string(&history().0).unwrap();
    text.push_str("{\"height\": 1}\n");
    std::fs::write(&path, text).unwrap();
    let output = gridweave(&["audit", "--events", path.to_str().unwrap()]);
    refused(&output, &["events.jsonl, line", "missing field"]);
    std::fs::write(&path, "").unwrap();
    let output = gridweave(&["bill", "nobody", "--events", path.to_str().unwrap()]);
    refused(&output, &["events.jsonl", "it is empty"]);
    assert_eq!(gridweave(&["audit"]).status.code(), Some(2));
}

#[test]
fn a_tampered_log_fails_the_audit_and_says_where() {
    let mut log = EventLog::read(&history().0).unwrap();
    let mut lines = log.events.iter_mut();
    let line = lines
        .find(|event| event.kind == "wasm-line_settled")
        .unwrap();
    let mut attributes = line.attributes.iter_mut();
    let amount = attributes.find(|(key, _)| key == "amount").unwrap();
    amount.1 = "1000000".into();
    let tampered = folder("billing-tampered");
    log.write(&tampered.join(EVENT_LOG)).unwrap();
    let tampered = tampered.to_str().unwrap();
    let output = gridweave(&["audit", "--events", tampered]);
    refused(&output, &["28 lines, 1 differences"]);
    let said = text(&output.stdout);
    assert!(
        said.contains("interval 0: amount is announced as 1000000"),
        "{said}"
    );
    let report: serde_json::Value =
        serde_json::from_slice(&gridweave(&["audit", "--events", tampered, "--json"]).stdout)
            .unwrap();
    assert_eq!(report["first"]["component"], "amount");
    let bill = gridweave(&["bill", &history().1[0], "--events", tampered]);
    refused(&bill, &["1 differences", "gridweave audit"]);
}

#[test]
fn a_run_leaves_a_log_that_passes() {
    let summary = run("audited", &["quick", "--rounds", "3"]);
    assert_eq!(summary["audit_differences"], 0);
    let folder = folder("audited");
    let folder = folder.to_str().unwrap();
    let report = json(&gridweave(&["audit", "--json", "--events", folder]));
    assert_eq!(report["clean"], true);
    assert_eq!(report["chain_id"], "gridweave-embedded");
    assert_eq!(report["lines"], summary["settled_lines"]);
    assert!(report["signatures"].as_u64().unwrap() > 0);
    let statements = json(&gridweave(&["statement", "--json", "--events", folder]));
    let rows = statements["statements"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["is_final"] == true));
    let account = rows[0]["account"].as_str().unwrap();
    let bill = json(&gridweave(&["bill", account, "--json", "--events", folder]));
    let lines = bill["lines"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .all(|line| line["settled"] == true && line["origin"] == "meter")
    );
}
