//! Communities of prosumers through the contracts: golden ones, pairwise, rolling, on a feeder.

mod common;

use common::{folder, gridweave, json, number, run, text};
use serde_json::Value;

fn golden(name: &str) -> String {
    let folder = env!("CARGO_MANIFEST_DIR");
    format!("{folder}/../../tests/golden/prosumers/{name}.json")
}

fn as_expected(summary: &Value, key: &str) {
    let (found, expected) = (
        number(summary, key),
        number(summary, &format!("expected_{key}")),
    );
    assert!(
        (found / expected - 1.0).abs() < 1e-5,
        "{key}: {found}, expected {expected}"
    );
}

fn pool(name: &str) {
    let summary = run(&format!("pool-{name}"), &[&golden(name)]);
    as_expected(&summary, "cost_central");
    as_expected(&summary, "cost_without_trade");
    assert!(number(&summary, "cost_gap").abs() < 1e-3, "{summary}");
    assert!(number(&summary, "imbalance_rel") < 1e-6, "{summary}");
    assert!(summary["rounds_to"]["1e-3"].is_u64(), "{summary}");
    // Nobody is worse off than alone, in money that really flows.
    assert_eq!(summary["homes_worse_off"], 0, "{summary}");
    assert!(summary["savings_pct"]["min"].as_f64().unwrap() > -1e-4);
    let lines = number(&summary, "homes") * number(&summary, "horizon");
    assert_eq!(number(&summary, "settled_lines"), lines, "{summary}");
    assert_eq!(summary["conservation_error"], 0);
    assert_eq!(summary["audit_differences"], 0);
    let written = folder(&format!("pool-{name}"));
    for file in [
        "homes.csv",
        "trades.csv",
        "schedule.csv",
        "privacy.csv",
        "bills.csv",
    ] {
        assert!(written.join(file).metadata().unwrap().len() > 100, "{file}");
    }
    for figure in 3..=6 {
        let svg = std::fs::read_to_string(written.join(format!("figure-{figure}.svg"))).unwrap();
        assert!(svg.contains("<svg"), "figure {figure}");
    }
}

#[test]
fn the_first_golden_community_pools_its_trade() {
    pool("p10-24-10");
}

#[test]
#[ignore = "minutes: the other golden communities, `cargo test --workspace --test prosumers -- --ignored`"]
fn all_golden_communities_pool_their_trade() {
    for name in ["p10-24-11", "p10-168-12", "p100-24-13"] {
        pool(name);
    }
}

#[test]
fn partners_trade_one_by_one() {
    let arguments = [
        &golden("p10-24-10"),
        "--pairwise",
        "--graph",
        "ring",
        "--rounds",
        "8",
    ];
    let summary = run("pairwise", &arguments);
    assert_eq!(
        (&summary["trading"], &summary["graph"]),
        (&"pairwise".into(), &"ring".into())
    );
    assert_eq!(summary["rounds"], 8);
    // Trades that were cleared balance exactly, and are better than none.
    assert!(number(&summary, "imbalance_rel") < 1e-6, "{summary}");
    assert!(number(&summary, "cost_total") < number(&summary, "cost_without_trade"));
    assert!(number(&summary, "traded_kwh") > 1.0);
    // The metered day, with trades as commitments.
    assert_eq!(number(&summary, "settled_lines"), 240.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0);
    assert_eq!(summary["audit_differences"], 0);
}

#[test]
fn homes_are_paid_for_buying_less_than_their_baselines() {
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../scenarios/prosumers-100.toml"
    );
    let quiet = std::fs::read_to_string(shipped).unwrap();
    let file = folder("asked").join("asked.toml");
    std::fs::write(&file, quiet.replace("dr_days = []", "dr_days = [0]")).unwrap();
    let file = file.to_str().unwrap();
    let summary = run("baselines", &[file, "--homes", "8", "--gap", "0.001"]);
    assert!(number(&summary, "dr_kwh_alone") > 0.5, "{summary}");
    assert!(number(&summary, "dr_kwh") > 0.5, "{summary}");
    assert!(number(&summary, "cost_without_trade") < number(&summary, "cost_bare"));
    assert!(number(&summary, "cost_gap").abs() < 1e-3, "{summary}");
    assert_eq!(summary["homes_worse_off"], 0, "{summary}");
    assert_eq!(summary["audit_differences"], 0);
}

#[test]
fn what_cannot_trade_pairwise_is_refused_with_its_size() {
    let output = gridweave(&["run", "prosumers-1000", "--pairwise"]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    for part in [
        "999 partners",
        "24000 numbers a round (192 kB)",
        "--graph ring",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_day_is_planned_anew_as_it_goes_by() {
    let arguments = [
        &golden("p10-24-10"),
        "--rolling",
        "--every",
        "8",
        "--gap",
        "0.01",
    ];
    let summary = run("rolling", &arguments);
    assert_eq!(summary["sessions"], 3);
    assert_eq!(summary["warm"], true);
    assert!(number(&summary, "regret") > -1e-4, "{summary}");
    assert!(number(&summary, "saved_pct") > 0.0, "{summary}");
    assert!(number(&summary, "imbalance_rel") < 1e-6, "{summary}");
}

#[test]
fn trade_respects_the_limits_of_a_feeder() {
    let arguments = [
        "prosumers-100",
        "--homes",
        "6",
        "--network",
        "quick",
        "--network-kva",
        "0.75",
    ];
    let summary = run("feeder", &arguments);
    let [with, without] = ["with_network", "trade_without_network"].map(|key| &summary[key]);
    assert!(number(with, "violation_pu") < 2e-4, "{summary}");
    assert!(
        number(without, "violation_pu") > number(with, "violation_pu"),
        "{summary}"
    );
    assert_eq!(summary["conservation_error"], 0);
    assert_eq!(summary["audit_differences"], 0);
}

#[test]
fn communities_are_listed_and_described() {
    let listed = text(&gridweave(&["scenarios"]).stdout);
    assert!(listed.contains("prosumers-1000"), "{listed}");
    let description = json(&gridweave(&["check", &golden("p10-24-10"), "--json"]));
    assert_eq!(
        (&description["homes"], &description["horizon"]),
        (&10.into(), &24.into())
    );
}

#[test]
fn a_home_that_is_infeasible_alone_is_refused_with_the_reason() {
    let text_of = std::fs::read_to_string(golden("p10-24-10")).unwrap();
    let mut community: Value = serde_json::from_str(&text_of).unwrap();
    community["homes"][3]["grid_max_kw"] = 0.5.into();
    let file = folder("infeasible").join("weak.json");
    std::fs::write(&file, community.to_string()).unwrap();
    let output = gridweave(&["run", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    for part in ["kW from the grid", "`grid_max_kw`, 0.5"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn options_that_do_not_fit_are_refused() {
    for (arguments, part) in [
        (vec!["prosumers-10", "--warm"], "which takes"),
        (vec!["prosumers-10", "--battery"], "which takes"),
        (vec!["quick", "--rolling"], "no community of prosumers"),
        (
            vec!["prosumers-10", "--homes", "0"],
            "`prosumers.homes` is 0",
        ),
        (
            vec!["prosumers-100", "--network", "quick"],
            "`homes` is 100, expected at most 6",
        ),
        (
            vec!["prosumers-100", "--homes", "6", "--network", "nowhere"],
            "--network is 'nowhere', expected a scenario with a feeder",
        ),
    ] {
        let output = gridweave(&[&["run"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}
