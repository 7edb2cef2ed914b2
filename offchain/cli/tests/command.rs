//! The `gridweave` binary as a user meets it.

mod common;

use common::{check_bills, folder, gridweave, gridweave_in, json, number, run, text};
use serde_json::Value;

#[test]
fn scenarios_are_listed() {
    let listed = text(&gridweave(&["scenarios"]).stdout);
    for name in ["munsing-55", "munsing-55-tight", "quick"] {
        assert!(listed.contains(name), "{listed}");
    }
    let rows = json(&gridweave(&["scenarios", "--json"]));
    assert_eq!(rows.as_array().unwrap().len(), listed.lines().count());
}

#[test]
fn a_scenario_is_described_without_being_run() {
    let description = json(&gridweave(&["check", "quick", "--json"]));
    assert_eq!(description["buses"], 7);
    assert_eq!(description["batteries"], 2);
    assert!(text(&gridweave(&["check", "quick"]).stdout).contains("well-formed"));
}

#[test]
fn a_bad_file_gets_a_precise_message() {
    let file = folder("bad").join("bad.toml");
    std::fs::write(&file, "name = \"bad\"\nhorizont = 24\n").unwrap();
    let output = gridweave(&["check", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("bad.toml"), "{message}");
    assert!(message.contains("horizont"), "{message}");
    assert!(output.stdout.is_empty());
}

#[test]
fn an_unknown_scenario_names_the_known_ones() {
    let output = gridweave(&["run", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("munsing-55-tight"));
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    for arguments in [
        vec!["run"],
        vec!["run", "quick", "--mode", "fast"],
        vec!["run", "quick", "--stragglers", "1.5"],
        vec!["fly"],
    ] {
        assert_eq!(
            gridweave(&arguments).status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
    let warm = gridweave(&["run", "quick", "--mode", "nodal", "--warm"]);
    assert_eq!(warm.status.code(), Some(1));
    assert!(text(&warm.stderr).contains("--mode exchange"));
}

#[test]
fn a_quick_run_comes_close_and_leaves_its_files() {
    let summary = run("close", &["quick"]);
    assert_eq!(summary["mode"], "exchange");
    assert_eq!(summary["converged"], true);
    assert_eq!(summary["relaxation_exact"], true);
    let figure = |key: &str| summary[key].as_f64().unwrap();
    assert!(figure("cost_gap").abs() <= 1e-2);
    assert!(figure("certified_gap") >= figure("cost_gap") - 1e-4);
    assert!(figure("dlmp_max_rel_error") <= 1e-2);
    assert!(figure("voltage_violation_pu") <= 1e-4);
    assert!((figure("promised_cost") / figure("cost") - 1.0).abs() < 1e-4);
    let lines = |file: &str| {
        let text = std::fs::read_to_string(folder("close").join(file)).unwrap();
        text.lines().count()
    };
    let rounds = summary["rounds"].as_u64().unwrap() as usize;
    assert_eq!(lines("rounds.csv"), 1 + rounds);
    assert_eq!(lines("bills.csv"), 1 + 5 * 24);
    check_bills(&summary);
    for file in ["schedule.csv", "prices.csv", "voltages.csv"] {
        assert_eq!(lines(file), 1 + 7 * 24, "{file}");
    }
    let written = std::fs::read_to_string(folder("close").join("summary.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), summary);
}

#[test]
fn bills_add_up_to_their_totals() {
    let summary = run("bills", &["quick"]);
    let mut reader = csv::Reader::from_path(folder("bills").join("bills.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let columns = ["committed_wh", "metered_wh", "payments", "penalty"].map(column);
    let mut sums = [0i64; 4];
    for record in reader.records() {
        let record = record.unwrap();
        for (sum, column) in sums.iter_mut().zip(columns) {
            *sum += record[column].parse::<i64>().unwrap();
        }
    }
    let total = |key: &str| summary[key].as_i64().unwrap();
    let [committed, metered, payments, penalty] = sums;
    assert_eq!(committed, total("energy_scheduled_wh"));
    assert_eq!(metered, total("energy_metered_wh"));
    assert_eq!(-payments - penalty, total("payments_total"));
    assert_eq!(-penalty, total("penalties_total"));
}

#[test]
fn who_does_as_promised_pays_no_penalty() {
    let out = folder("exact");
    let deviation = ["GRIDWEAVE_BILLING__METER__DEVIATION", "0"];
    let arguments = ["run", "quick", "--json", "--out", out.to_str().unwrap()];
    let exact = json(&gridweave_in(deviation, &arguments));
    assert_eq!(exact["penalties_total"], 0);
    assert_eq!(exact["energy_scheduled_wh"], exact["energy_metered_wh"]);
    assert_eq!(exact["conservation_error"], 0);
}

#[test]
fn an_account_that_cannot_pay_is_in_arrears_and_nobody_else_is_hurt() {
    let rich = run("rich", &["quick"]);
    let out = folder("poor");
    let arguments = ["run", "quick", "--json", "--out", out.to_str().unwrap()];
    let deposit = ["GRIDWEAVE_BILLING__DEPOSIT", "100"];
    let poor = json(&gridweave_in(deposit, &arguments));
    assert!(number(&poor, "arrears_total") > 0.0, "{poor}");
    assert_eq!(number(&rich, "arrears_total"), 0.0);
    assert_eq!(poor["payments_total"], rich["payments_total"]);
    check_bills(&poor);
}

#[test]
fn a_day_may_be_scheduled_only() {
    let summary = run("unbilled", &["quick", "--no-bills"]);
    assert_eq!(summary.get("settled_lines"), None);
    assert_eq!(summary["converged"], true);
}

#[test]
fn every_schedule_row_balances() {
    run("balance", &["quick", "--rounds", "3"]);
    let text = std::fs::read_to_string(folder("balance").join("schedule.csv")).unwrap();
    let mut rows = text.lines();
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let column = |name| header.iter().position(|cell| *cell == name).unwrap();
    let sources = ["solar", "battery", "generator"].map(column);
    let sinks = ["load", "shapable", "deferrable"].map(column);
    let net = column("net_p");
    for row in rows {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        let sum = |columns: &[usize]| columns.iter().map(|&c| cells[c]).sum::<f64>();
        assert!(
            (sum(&sources) - sum(&sinks) - cells[net]).abs() < 1e-5,
            "{row}"
        );
    }
}

#[test]
fn the_price_split_sums_to_the_dlmp() {
    run("prices", &["quick", "--rounds", "2"]);
    let text = std::fs::read_to_string(folder("prices").join("prices.csv")).unwrap();
    for row in text.lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!(
            (cells[2] + cells[3] + cells[4] - cells[5]).abs() < 1e-9,
            "{row}"
        );
    }
}

#[test]
fn the_same_seed_leaves_the_same_state() {
    let hash = |name, arguments: &[&str]| run(name, arguments)["state_hash"].clone();
    let faulty = [
        "quick",
        "--stragglers",
        "0.2",
        "--liars",
        "0.2",
        "--seed",
        "5",
    ];
    assert_eq!(hash("same-1", &faulty), hash("same-2", &faulty));
    let other = [
        "quick",
        "--stragglers",
        "0.2",
        "--liars",
        "0.2",
        "--seed",
        "6",
    ];
    assert_ne!(hash("same-1", &faulty), hash("same-3", &other));
}

#[test]
fn silent_participants_are_counted_and_cost_little() {
    let summary = run("silent", &["quick", "--stragglers", "0.2"]);
    assert!(summary["missed"].as_u64().unwrap() > 0);
    assert!(summary["cost_gap"].as_f64().unwrap().abs() <= 2e-2);
}

#[test]
fn every_mode_runs() {
    for (mode, rounds, limit) in [
        ("exchange-admm", "20", 1e-2),
        ("lateral", "60", 2e-2),
        ("nodal", "150", 5e-2),
    ] {
        let summary = run(mode, &["quick", "--mode", mode, "--rounds", rounds]);
        assert_eq!(summary["mode"], mode);
        let gap = summary["cost_gap"].as_f64().unwrap();
        assert!(gap.abs() <= limit, "{mode}: {gap}");
    }
}

#[test]
fn a_warm_start_begins_nearer() {
    let first_gap = |name: &str| {
        let rounds = std::fs::read_to_string(folder(name).join("rounds.csv")).unwrap();
        let row = rounds.lines().nth(1).unwrap().to_owned();
        row.split(',').nth(8).unwrap().parse::<f64>().unwrap()
    };
    run("cold", &["quick", "--rounds", "2"]);
    run("warm", &["quick", "--rounds", "2", "--warm"]);
    assert!(first_gap("warm") < first_gap("cold"));
}

#[test]
fn an_imported_case_is_a_scenario() {
    let case = folder("import").join("tiny.m");
    std::fs::write(&case, TINY_CASE).unwrap();
    let scenario = folder("import").join("tiny.toml");
    let (case, scenario) = (case.to_str().unwrap(), scenario.to_str().unwrap());
    let report = json(&gridweave(&[
        "import", "matpower", case, "--out", scenario, "--json",
    ]));
    assert_eq!(report["buses"], 4);
    let summary = run("imported", &[scenario]);
    assert_eq!(summary["scenario"], "tiny");
    assert!(summary["cost_gap"].as_f64().unwrap().abs() <= 1e-2);
}

#[test]
fn completions_mention_the_subcommands() {
    let script = text(&gridweave(&["completions", "bash"]).stdout);
    assert!(script.contains("scenarios"));
}

/// A made-up radial case.
const TINY_CASE: &str = "function mpc = tiny
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [
  1 3 0   0   0 0 1 1 0 12.66 1 1.05 0.95;
  2 1 0.3 0.1 0 0 1 1 0 12.66 1 1.05 0.95;
  3 1 0.2 0.1 0 0 1 1 0 12.66 1 1.05 0.95;
  4 1 0.4 0.2 0 0 1 1 0 12.66 1 1.05 0.95;
];
mpc.gen = [
  1 0 0 10 -10 1 100 1 10 0;
];
mpc.branch = [
  1 2 0.02 0.03 0 0 0 0 0 0 1 -360 360;
  2 3 0.03 0.02 0 0 0 0 0 0 1 -360 360;
  2 4 0.02 0.02 0 0 0 0 0 0 1 -360 360;
  3 4 0.05 0.05 0 0 0 0 0 0 0 -360 360;
];
";
