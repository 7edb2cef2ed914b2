//! The published experiment, end to end on the embedded chain.

mod common;

use common::{check_bills, number, rounds, run};

#[test]
fn the_day_is_scheduled() {
    let summary = run("munsing", &["munsing-55", "--gap", "0", "--rounds", "8"]);
    let gaps = rounds("munsing", "gap");
    assert!(gaps[2..].iter().all(|gap| gap.unwrap() <= 4e-3), "{gaps:?}");
    assert!(gaps[4..].iter().all(|gap| gap.unwrap() <= 1e-3), "{gaps:?}");
    let certified = rounds("munsing", "certified_gap");
    assert!(certified[5].unwrap() <= 0.01, "{certified:?}");
    for (true_gap, certified) in gaps.iter().zip(&certified) {
        assert!(
            certified.unwrap() >= true_gap.unwrap() - 1e-6,
            "a false certificate"
        );
    }
    assert!(number(&summary, "dlmp_max_rel_error") <= 0.01);
    assert_eq!(summary["relaxation_exact"], true);
    check_bills(&summary);
}

#[test]
fn prices_add_up() {
    run("munsing-prices", &["munsing-55"]);
    let path = common::folder("munsing-prices").join("prices.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut rows = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let part = |at: usize| record[at].parse::<f64>().unwrap();
        assert!(
            (part(2) + part(3) + part(4) - part(5)).abs() < 1e-9,
            "{record:?}"
        );
        rows += 1;
    }
    assert_eq!(rows, 56 * 24);
}

#[test]
fn yesterday_is_a_good_start() {
    let summary = run("munsing-warm", &["munsing-55", "--warm"]);
    assert!(summary["rounds_to_gap"]["0.1%"].as_i64().unwrap() <= 3);
}

#[test]
fn one_silent_agent_in_ten_costs_at_most_four_rounds() {
    let arguments = ["munsing-55", "--gap", "0", "--stragglers", "0.1"];
    let summary = run("munsing-stragglers", &arguments);
    assert!(summary["missed"].as_i64().unwrap() > 20);
    assert!(summary["rounds_to_gap"]["0.4%"].as_i64().unwrap() <= 3 + 4);
    assert!(summary["rounds_to_gap"]["0.1%"].as_i64().unwrap() <= 5 + 4);
}

#[test]
fn liars_cost_little_with_the_checks_and_fool_the_certificate_without() {
    let arguments = ["munsing-55", "--liars", "0.05"];
    let checked = run("munsing-liars", &arguments);
    assert!(number(&checked, "cost_gap") <= 0.01);
    assert!(checked["rejected"].as_i64().unwrap() > 0);
    let broken = |summary: &serde_json::Value| {
        number(summary, "cost") / number(summary, "promised_cost") - 1.0
    };
    assert!(broken(&checked) < 1e-4, "what is promised is delivered");
    let unchecked = run(
        "munsing-unchecked",
        &[&arguments[..], &["--no-checks"]].concat(),
    );
    assert_eq!(unchecked["rejected"], 0);
    assert!(broken(&unchecked) > 0.01, "promises that nobody keeps");
    let penalties = |summary: &serde_json::Value| number(summary, "penalties_total");
    assert!(penalties(&unchecked) > 2.0 * penalties(&checked));
    check_bills(&unchecked);
}

#[test]
fn a_tight_day_stays_within_its_voltages() {
    let summary = run("munsing-tight", &["munsing-55-tight", "--rounds", "8"]);
    assert!(number(&summary, "voltage_violation_pu") <= 1e-4);
    assert!(summary["rounds_to_gap"]["0.4%"].as_i64().unwrap() <= 6);
    check_bills(&summary);
    let plain = [
        "munsing-55-tight",
        "--mode",
        "exchange-admm",
        "--rounds",
        "8",
    ];
    let plain = run("munsing-tight-plain", &plain);
    assert!(number(&plain, "voltage_violation_pu") > 1e-3);
}

#[test]
fn lateral_consensus_gets_there_too() {
    let arguments = ["munsing-55", "--mode", "lateral", "--rounds", "35"];
    let summary = run("munsing-lateral", &arguments);
    assert!(summary["rounds_to_gap"]["0.4%"].as_i64().unwrap() <= 25);
    assert_eq!(summary["agents"], 5);
    // Without prices per bus there is nothing to bill.
    assert_eq!(summary.get("settled_lines"), None);
}
