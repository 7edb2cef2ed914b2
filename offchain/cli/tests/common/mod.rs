//! Running the binary in tests.
#![allow(dead_code)]

pub mod artifacts;
pub mod kills;
pub mod ledger;
pub mod network;
pub mod ports;
pub mod site;
pub mod survival;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// Runs `gridweave` with `arguments`.
pub fn gridweave(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridweave"))
        .args(arguments)
        .output()
        .unwrap()
}

/// The same with an environment variable: its name and value.
pub fn gridweave_in(variable: [&str; 2], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridweave"))
        .env(variable[0], variable[1])
        .args(arguments)
        .output()
        .unwrap()
}

/// A folder of the build directory, by name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a stream said.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The JSON that a successful command printed.
pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a scenario into the folder `name`; returns its summary.
pub fn run(name: &str, arguments: &[&str]) -> Value {
    let out = folder(name);
    let fixed = ["--json", "--out", out.to_str().unwrap()];
    json(&gridweave(&[&["run"], arguments, &fixed].concat()))
}

/// A column of `rounds.csv` of the run in folder `name`; `None` where it is empty.
pub fn rounds(name: &str, column: &str) -> Vec<Option<f64>> {
    let mut reader = csv::Reader::from_path(folder(name).join("rounds.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|header| header == column).unwrap();
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record[at].parse().ok()).collect()
}

/// The number under `key` of a summary.
pub fn number(summary: &Value, key: &str) -> f64 {
    summary[key]
        .as_f64()
        .unwrap_or_else(|| panic!("{key} of {summary}"))
}

/// Checks that the bills of a run cover its day and that not a µ is missing.
pub fn check_bills(summary: &Value) {
    let lines = number(summary, "agents") * number(summary, "horizon");
    assert_eq!(number(summary, "settled_lines"), lines, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    assert_eq!(summary["audit_differences"], 0, "{summary}");
    let dust = number(summary, "dust");
    assert!((0.0..=3.0 * lines).contains(&dust), "{summary}");
    assert!(number(summary, "penalties_total") > 0.0, "{summary}");
    assert!(number(summary, "energy_lost_wh") > 0.0, "{summary}");
}

/// Says that tests are skipped. Past the harness, which hides what tests that pass have printed.
pub fn skip(reason: &str) {
    writeln!(std::io::stderr(), "skipped: {reason}").ok();
}

/// The line of a script's or command's words that says which tool is missing, if one is.
pub fn missing_tool(said: &str) -> Option<String> {
    let signs = [" is missing: ", " is too old: "];
    let says = |line: &&str| signs.iter().any(|sign| line.contains(sign));
    let line = said.lines().find(says)?;
    Some(line.trim_start_matches("error: ").to_owned())
}

/// Locks; that another test failed while it had the lock does not matter.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one line with which a command must have refused.
pub fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    let errors = said.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{said}");
    said
}
