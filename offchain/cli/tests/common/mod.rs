//! Running the binary in tests.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Runs `gridweave` with `arguments`.
pub fn gridweave(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridweave"))
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
