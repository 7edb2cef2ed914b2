//! Markets on the node: a day of processes with solvers, honest and not, and the same as tasks with
//! commitments.

use std::fs;

use crate::common::artifacts::root;
use crate::common::network::Network;
use crate::common::site::Site;
use crate::common::{gridweave, json, number, text};

/// The smallest golden book: 4 intervals, 9 offers.
const BOOK: &str = "tests/golden/market/book-10.json";
/// Its offers, each a home's, times its intervals.
const LINES: f64 = 36.0;

fn book() -> String {
    root().join(BOOK).to_str().unwrap().to_owned()
}

#[test]
fn a_book_is_solved_by_processes_whatever_an_adversary_does() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-market");
    let book = book();
    let clock = ["--interval-seconds", "4", "--lead", "30"];
    let solvers = ["--solvers", "exact,greedy,hostile"];
    let arguments = [&[&*book], &clock[..], &solvers].concat();
    let summary = site.run("market", &arguments);
    let energy = 1e3 * number(&summary, "energy_traded_kwh");
    let expected = 1e3 * number(&summary, "expected_energy_kwh");
    assert_eq!(energy.round(), expected.round(), "{summary}");
    assert_eq!(summary["gap"], 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    // The counter, the homes, three solvers and two keepers.
    assert_eq!(summary["processes"], 7, "{summary}");
    let rejected = &summary["solutions_rejected"];
    for reason in ["energy", "wrong_side"] {
        assert!(number(rejected, reason) >= 1.0, "{summary}");
    }
    assert!(number(&summary, "verify_gas_per_trade") > 0.0, "{summary}");
    let possible = &summary["offer_to_trade_s"];
    assert!(
        number(possible, "p50") <= number(possible, "p99"),
        "{summary}"
    );
    assert!(
        number(&summary["posted_to_trade_s"], "p50") > 0.0,
        "{summary}"
    );
    let waits = fs::read_to_string(site.folder.join("market/waits-energy.csv")).unwrap();
    let waits = waits
        .lines()
        .skip(1)
        .map(|row| row.split_once(',').unwrap().0);
    let waited: f64 = waits.map(|wh| wh.parse::<f64>().unwrap()).sum();
    assert_eq!(waited, energy.round(), "{summary}");
    check_bills(&site, &summary);
    check_privacy(&site);

    // The same deployment does not fit another market.
    let other = [&arguments[..], &["--objective", "welfare"]].concat();
    let refused = site.start("other", &other).wait_with_output().unwrap();
    let said = crate::common::refusal(&refused);
    assert!(said.contains("has other terms"), "{said}");
    assert!(said.contains("(objective)"), "{said}");
}

/// That every home has its lines, what was traded is in them, and an auditor finds nothing.
fn check_bills(site: &Site<'_>, summary: &serde_json::Value) {
    assert_eq!(number(summary, "settled_lines"), LINES, "{summary}");
    assert_eq!(summary["audit_differences"], 0, "{summary}");
    let out = site.folder.join("market");
    let bills = fs::read_to_string(out.join("bills.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(bills.as_bytes());
    let committed = reader.records().map(|row| row.unwrap()[2].to_owned());
    let committed: Vec<i64> = committed.map(|energy| energy.parse().unwrap()).collect();
    assert_eq!(committed.len() as f64, LINES);
    assert!(committed.iter().any(|energy| *energy > 0), "{bills}");
    let audited = gridweave(&["audit", "--events", out.to_str().unwrap()]);
    let said = text(&audited.stdout);
    assert!(said.contains("0 differences"), "{said}");
}

/// That a node shows who pays for the addresses: the operator for all, which tells nothing.
fn check_privacy(site: &Site<'_>) {
    let deployment = site.deployment();
    let truth = site.folder.join("market").join("addresses.csv");
    let report = json(&gridweave(&[
        "audit",
        "privacy",
        "--json",
        "--chain",
        &site.network.rpc[0],
        "--deployment",
        deployment.to_str().unwrap(),
        "--truth",
        truth.to_str().unwrap(),
    ]));
    assert_eq!(report["judgement"]["addresses"], 9, "{report}");
    let findings = report["judgement"]["findings"].as_array().unwrap();
    let mut payers = findings.iter().filter(|row| row["attack"] == "gas_payer");
    let payer = payers.next().unwrap();
    assert!(payer["score"].is_object(), "{report}");
    assert_eq!(payer["leaks"], false, "{report}");
}

#[test]
fn tasks_of_one_process_trade_what_was_committed_first() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-market-tasks");
    let clock = ["--interval-seconds", "6", "--lead", "25"];
    let how = ["--in-process", "--reveal", "4", "--no-bills"];
    let book = book();
    let arguments = [&[&*book], &clock[..], &how].concat();
    let summary = site.run("market", &arguments);
    assert_eq!(summary["gap"], 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    assert_eq!(summary["audit_differences"], 0, "{summary}");
    assert_eq!(summary["processes"], 0, "{summary}");
    assert!(summary.get("settled_lines").is_none(), "{summary}");
    let events = fs::read_to_string(site.folder.join("market/events.jsonl")).unwrap();
    for action in ["solution_committed", "solution_accepted"] {
        assert!(events.contains(action), "{action}");
    }
}
