//! The golden days: central costs, rounds to the gap, voltages, through the contract.

mod common;

use common::{check_bills, number, run};
use serde_json::Value;

fn golden(name: &str) -> Value {
    let path = format!(
        "{}/../../tests/golden/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let summary = run(name, &[&path]);
    let (cost, expected) = (
        number(&summary, "central_cost"),
        number(&summary, "expected_central_cost"),
    );
    assert!(
        (cost / expected - 1.0).abs() < 1e-5,
        "{cost} is not {expected}"
    );
    assert_eq!(summary["relaxation_exact"], true);
    check_bills(&summary);
    summary
}

/// Rounds to 0.4 % and 0.1 % within one of the expected.
fn as_expected(name: &str) {
    let summary = golden(name);
    for gap in ["0.4%", "0.1%"] {
        let rounds = summary["rounds_to_gap"][gap].as_i64().unwrap();
        let expected = summary["expected_rounds_to_gap"][gap].as_i64().unwrap();
        assert!(
            (rounds - expected).abs() <= 1,
            "{gap}: {rounds}, expected {expected}"
        );
    }
    assert_eq!(number(&summary, "voltage_violation_pu"), 0.0);
}

#[test]
fn day_1() {
    as_expected("day-1");
}

#[test]
fn day_12() {
    as_expected("day-12");
}

#[test]
fn day_14() {
    as_expected("day-14");
}

#[test]
fn a_day_that_exports() {
    as_expected("export-13");
}

#[test]
fn a_day_at_the_voltage_limit() {
    let summary = golden("tight-1");
    assert!(summary["rounds_to_gap"]["0.4%"].as_i64().unwrap() <= 8);
    assert!(number(&summary, "voltage_violation_pu") <= 1e-4);
    assert_eq!(summary["voltage"], true);
}
