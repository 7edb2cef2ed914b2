//! Crates that run on chain refuse floating point at compile time.

use std::fs;
use std::path::{Path, PathBuf};

const LINT: &str = "#![deny(clippy::float_arithmetic)]";

/// Crates directly below `folder`.
fn crates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut crates: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    crates.sort();
    crates
}

#[test]
fn every_on_chain_crate_denies_floating_point() {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts");
    let packages = crates(&contracts.join("packages"));
    let contracts = crates(&contracts);
    assert!(packages.len() >= 3 && contracts.len() >= 2);
    for folder in packages.iter().chain(&contracts) {
        let file = folder.join("src/lib.rs");
        let text = fs::read_to_string(&file).unwrap();
        let denies = text.lines().any(|line| line.trim() == LINT);
        assert!(denies, "{} lacks {LINT}", file.display());
    }
}

/// Rust files in `folder` and below.
fn sources(folder: PathBuf) -> Vec<PathBuf> {
    let mut folders = vec![folder];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn only_their_unit_tests_lift_the_ban() {
    let files = sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts"));
    assert!(files.len() > 20, "{} files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let lifts = line.contains("allow(clippy::float_arithmetic)");
            let tested = at > 0 && lines[at - 1] == "#[cfg(test)]";
            assert!(!lifts || tested, "{}:{}", file.display(), at + 1);
        }
    }
}
