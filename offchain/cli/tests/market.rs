//! Markets on the embedded chain: the golden books, a rolling day, wrong input.

mod common;

use std::path::PathBuf;

use common::{folder, gridweave, json, number, refusal, run, text};
use serde_json::Value;

fn book(number: u32) -> String {
    let path = format!("../../tests/golden/market/book-{number}.json");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    path.to_str().unwrap().into()
}

/// The books to run: a few, or all of them with `GRIDWEAVE_LONG`.
fn books() -> std::ops::RangeInclusive<u32> {
    match std::env::var_os("GRIDWEAVE_LONG") {
        Some(_) => 10..=17,
        None => 10..=13,
    }
}

/// That nothing is lost and the files agree with the summary; the energy traded (Wh).
fn check(name: &str, summary: &Value) -> f64 {
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    assert_eq!(summary["solutions_rejected"], serde_json::json!({}));
    assert!(number(summary, "candidate_updates") >= 1.0, "{summary}");
    assert!(number(summary, "columns_compact") <= number(summary, "columns_pairwise"));
    let mut reader = csv::Reader::from_path(folder(name).join("trades.csv")).unwrap();
    let records: Vec<_> = reader.records().map(|record| record.unwrap()).collect();
    assert_eq!(records.len() as f64, number(summary, "trades"));
    let energies = records.iter().map(|record| record[5].parse::<f64>());
    let energy: f64 = energies.map(|energy| energy.unwrap()).sum();
    let by_interval = summary["energy_by_interval"].as_array().unwrap().iter();
    let total: f64 = by_interval.map(|energy| energy.as_f64().unwrap()).sum();
    assert!((1e3 * total - energy).abs() < 1e-6, "{total} {energy}");
    energy
}

#[test]
fn golden_books_trade_their_optimum_to_the_watt_hour() {
    for at in books() {
        let name = format!("book-{at}");
        let summary = run(&name, &[&book(at)]);
        let energy = check(&name, &summary);
        let expected = 1e3 * number(&summary, "expected_energy_kwh");
        assert_eq!(energy, expected.round(), "book {at}");
        assert_eq!(number(&summary, "gap"), 0.0, "book {at}");
        assert!(number(&summary, "certified_ratio") > 0.999, "book {at}");
    }
}

#[test]
fn golden_books_reach_their_welfare_within_a_fifty_thousandth() {
    for at in books() {
        let name = format!("book-{at}-welfare");
        let summary = run(&name, &[&book(at), "--objective", "welfare"]);
        check(&name, &summary);
        let (welfare, expected) = (
            number(&summary, "welfare"),
            number(&summary, "expected_welfare"),
        );
        let short = 1.0 - welfare / expected;
        assert!((-1e-9..2e-5).contains(&short), "book {at}: {short:e}");
    }
}

#[test]
fn a_day_without_batteries_trades_as_if_all_were_known() {
    let summary = run("transax", &["transax-102", "--window", "2"]);
    check("transax", &summary);
    assert_eq!(
        number(&summary, "energy_traded_kwh"),
        number(&summary, "full_information_optimum_kwh")
    );
    assert_eq!(summary["objective"], "expiring-first");
    assert_eq!(number(&summary, "intervals"), 96.0);
    check_lines("transax", &summary, 102 * 96);
    // Homes bought at the market what was sold there, and the grid has the rest.
    assert_eq!(number(&summary, "energy_scheduled_wh"), 0.0);
    assert!(number(&summary, "payments_total") != 0.0);
    let said = text(&gridweave(&["audit", "--events", events("transax").to_str().unwrap()]).stdout);
    assert!(said.contains("0 differences"), "{said}");
}

fn events(name: &str) -> PathBuf {
    folder(name).join("events.jsonl")
}

/// That every home has a settled line in every interval, and nothing differs.
fn check_lines(name: &str, summary: &Value, lines: usize) {
    assert_eq!(number(summary, "settled_lines"), lines as f64, "{summary}");
    assert_eq!(number(summary, "audit_differences"), 0.0, "{summary}");
    assert_eq!(number(summary, "arrears_total"), 0.0, "{summary}");
    let mut reader = csv::Reader::from_path(folder(name).join("bills.csv")).unwrap();
    assert_eq!(reader.records().count(), lines);
}

#[test]
fn batteries_deliver_what_they_sold() {
    let arguments = ["transax-102", "--battery", "--window", "2"];
    let summary = run("transax-battery", &arguments);
    check("transax-battery", &summary);
    check_lines("transax-battery", &summary, 102 * 96);
}

#[test]
fn a_recorded_book_is_metered_as_it_was_traded() {
    let summary = run("book-bills", &[&book(10)]);
    let lines = number(&summary, "offers") * number(&summary, "intervals");
    check_lines("book-bills", &summary, lines as usize);
    let bare = run("book-no-bills", &[&book(10), "--no-bills"]);
    assert!(bare.get("settled_lines").is_none(), "{bare}");
    assert_eq!(number(&bare, "audit_differences"), 0.0);
    assert!(!folder("book-no-bills").join("bills.csv").exists());
}

#[test]
fn markets_are_listed_and_described() {
    assert!(text(&gridweave(&["scenarios"]).stdout).contains("transax-102"));
    let described = json(&gridweave(&["check", "transax-102", "--json"]));
    assert_eq!(
        (&described["feeders"], &described["intervals"]),
        (&11.into(), &96.into())
    );
    let described = text(&gridweave(&["check", &book(10)]).stdout);
    assert!(
        described.contains("book-10 is a well-formed market"),
        "{described}"
    );
}

#[test]
fn wrong_input_is_explained() {
    let file = folder("bad-book").join("bad.json");
    let good = std::fs::read_to_string(book(10)).unwrap();
    let bad = good.replace("\"energy_wh\": 1900", "\"energy_wh\": 0");
    assert_ne!(good, bad);
    std::fs::write(&file, bad).unwrap();
    let said = refusal(&gridweave(&["run", file.to_str().unwrap()]));
    assert!(
        said.contains("bad.json: `offers[0].energy_wh` is 0, expected above 0"),
        "{said}"
    );

    let unbuffered = folder("unbuffered").join("unbuffered.toml");
    let market = "name = \"small\"\n[market]\n[consumers]\nday = 1\nby_feeder = [2]\n";
    std::fs::write(&unbuffered, market).unwrap();
    let negative = gridweave(&["run", "transax-102", "--window=-1"]);
    assert_eq!(
        negative.status.code(),
        Some(2),
        "{}",
        text(&negative.stderr)
    );
    for (arguments, expected) in [
        (
            &["transax-102", "--window", "1"][..],
            "`market.window` is 1",
        ),
        (
            &["transax-102", "--mode", "nodal"],
            "is a market, which takes",
        ),
        (&["quick", "--battery"], "is no market"),
        (&[&book(10), "--battery"], "is a recorded book"),
        (
            &[unbuffered.to_str().unwrap(), "--battery"],
            "unbuffered.toml: `battery` is missing",
        ),
    ] {
        let said = refusal(&gridweave(&[&["run"], arguments].concat()));
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn adversaries_change_nothing_and_are_counted_by_reason() {
    let solvers = ["--solvers", "hostile,exact,greedy,slow"];
    let file = book(10);
    let arguments = [&[&*file], &solvers[..], &["--no-bills"]].concat();
    let summary = run("hostile", &arguments);
    assert_eq!(number(&summary, "gap"), 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    let rejected = &summary["solutions_rejected"];
    for reason in ["energy", "wrong_side"] {
        assert!(number(rejected, reason) >= 1.0, "{summary}");
    }
    assert!(summary["offer_to_trade_s"].is_null(), "{summary}");
}

#[test]
fn a_market_without_solvers_ends_empty() {
    let summary = run("nobody", &[&book(10), "--solvers", "none", "--no-bills"]);
    assert_eq!(number(&summary, "energy_traded_kwh"), 0.0, "{summary}");
    assert_eq!(number(&summary, "intervals"), 4.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
}

#[test]
fn solutions_that_are_committed_first_reach_the_same_optimum() {
    let solvers = ["--reveal", "30", "--solvers", "exact,greedy,hostile"];
    let file = book(11);
    let arguments = [&[&*file], &solvers[..], &["--no-bills"]].concat();
    let summary = run("reveal", &arguments);
    assert_eq!(number(&summary, "gap"), 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
}
