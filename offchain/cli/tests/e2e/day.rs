//! A day of separate processes is the day of the simulation, whoever dies on the way.

use crate::common::network::Network;
use crate::common::run as embedded;
use crate::common::site::Site;
use crate::common::survival::assert_survives;
use crate::common::{check_bills, number};
use serde_json::Value;

/// What the same day costs on any chain.
const BILLED: [&str; 7] = [
    "settled_lines",
    "energy_scheduled_wh",
    "energy_metered_wh",
    "payments_total",
    "penalties_total",
    "conservation_error",
    "arrears_total",
];

fn check_figures(summary: &Value, processes: u64) {
    assert_eq!(summary["processes"], processes);
    assert_eq!(summary["tx_failed"], 0, "{summary}");
    let submission = number(summary, "gas_per_submission");
    assert!(submission > 50_000.0, "{summary}");
    assert!(number(summary, "gas_total") > 4.0 * submission, "{summary}");
    assert!(number(summary, "blocks") >= number(summary, "rounds"));
    let wall = number(summary, "wall_s");
    assert!(wall > number(summary, "schedule_s"), "{summary}");
}

#[test]
fn a_day_on_the_node_is_the_embedded_day() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-day");
    let expected = embedded("e2e-day-embedded", &["quick"]);
    let processes = site.run("processes", &[&site.patient_quick()]);
    assert_eq!(processes["plan_hash"], expected["plan_hash"]);
    // One for each agent, the operator, the keeper and the meters.
    let agents = expected["agents"].as_u64().unwrap();
    check_figures(&processes, agents + 3);
    check_bills(&processes);
    for key in BILLED {
        assert_eq!(processes[key], expected[key], "{key}");
    }

    let day = ["quick", "--no-bills", "--in-process", "--feeder", "2"];
    let tasks = site.run("tasks", &day);
    assert_eq!(tasks["plan_hash"], expected["plan_hash"]);
    check_figures(&tasks, 0);
}

#[test]
fn actors_killed_at_any_moment_finish_their_day() {
    let Some(network) = Network::shared() else {
        return;
    };
    let day = ["quick", "--no-bills", "--gap", "0", "--rounds", "12"];
    assert_survives(network, "e2e-kills", &day, 12);
}
