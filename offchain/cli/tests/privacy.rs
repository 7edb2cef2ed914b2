//! What an observer makes of a day's addresses.

mod common;

use std::collections::BTreeMap;

use common::{folder, gridweave, json, refusal, run, text};

/// Share of right links and verdict by attempt, for a day run with `flags`.
fn attempts(name: &str, flags: &[&str]) -> BTreeMap<String, (Option<f64>, bool)> {
    run(
        name,
        &[&["transax-102", "--window", "2", "--no-bills"], flags].concat(),
    );
    let folder = folder(name);
    let truth = folder.join("addresses.csv");
    let arguments = [
        "audit",
        "privacy",
        "--json",
        "--events",
        folder.to_str().unwrap(),
        "--truth",
        truth.to_str().unwrap(),
    ];
    let report = json(&gridweave(&arguments));
    let findings = report["judgement"]["findings"].as_array().unwrap().iter();
    let attempts = findings.map(|finding| {
        let share = finding["score"]["precision"].as_f64();
        let leaks = finding["leaks"].as_bool().unwrap();
        (
            finding["attack"].as_str().unwrap().to_owned(),
            (share, leaks),
        )
    });
    attempts.collect()
}

#[test]
fn order_and_time_give_nobody_away_unless_homes_are_served_in_order() {
    let (open, closed) = (
        attempts("privacy-order", &["--in-order"]),
        attempts("privacy", &[]),
    );
    for attempt in ["issue_order", "posting_order"] {
        assert!(
            open[attempt].1 && open[attempt].0 > Some(0.9),
            "{attempt}: {open:?}"
        );
        assert!(!closed[attempt].1, "{attempt}: {closed:?}");
    }
    for attempt in ["issue_time", "posting_time"] {
        assert!(!closed[attempt].1, "{attempt}: {closed:?}");
    }
    // Amounts are what they are without equal lots.
    assert!(closed["amounts"].1, "{closed:?}");
    // The embedded chain has no fees.
    assert_eq!(closed["gas_payer"], (None, false));
}

#[test]
fn the_truth_must_be_one() {
    let folder = folder("privacy-truth");
    let events = folder.join("events.jsonl");
    let head = r#"{"chain_id": "c", "billing": "b", "grid": "g"}"#;
    let permit = r#"{"height": 1, "time": 1, "contract": "a", "type": "wasm-asset_added", "attributes":
        [["holder", "h"], ["side", "buy"], ["feeder", "1"], ["intervals", "3"], ["energy", "5"]]}"#;
    std::fs::write(&events, format!("{head}\n{}\n", permit.replace('\n', ""))).unwrap();
    let truth = folder.join("truth.csv");
    let arguments = ["audit", "privacy", "--events", events.to_str().unwrap()];
    let said = text(&gridweave(&arguments).stdout);
    assert!(
        said.contains("nothing can be judged without --truth"),
        "{said}"
    );
    let with = [&arguments[..], &["--truth", truth.to_str().unwrap()]].concat();
    for (table, expected) in [
        ("address,who\nh,me\n", "column `person` is missing"),
        ("address,person\nother,me\n", "knows no address of the log"),
    ] {
        std::fs::write(&truth, table).unwrap();
        let said = refusal(&gridweave(&with));
        assert!(said.contains(expected), "{said}");
    }
}
