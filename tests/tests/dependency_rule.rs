//! The architecture's dependency rule, read from the manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// What each crate may build on, among the workspace's own.
const MAY_USE: &[(&str, &[&str])] = &[
    ("gridweave-units", &[]),
    ("gridweave-rules", &["gridweave-units"]),
    ("gridweave-types", &["gridweave-units", "gridweave-rules"]),
    ("gridweave-grid", ON_CHAIN_PACKAGES),
    ("gridweave-coordinator", ON_CHAIN_PACKAGES),
    ("gridweave-billing", ON_CHAIN_PACKAGES),
    ("gridweave-market", ON_CHAIN_PACKAGES),
    ("gridweave-assets", ON_CHAIN_PACKAGES),
    ("gridweave-crowdsourcing", ON_CHAIN_PACKAGES),
    ("gridweave-model", &["gridweave-units", "gridweave-rules"]),
    (
        "gridweave-optim",
        &["gridweave-units", "gridweave-rules", "gridweave-model"],
    ),
    (
        "gridweave-solver",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-model",
            "gridweave-optim",
        ],
    ),
    (
        "gridweave-chain",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-grid",
            "gridweave-coordinator",
            "gridweave-billing",
            "gridweave-assets",
            "gridweave-market",
            "gridweave-crowdsourcing",
        ],
    ),
    (
        "gridweave-agents",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-model",
            "gridweave-optim",
            "gridweave-solver",
            "gridweave-chain",
        ],
    ),
    (
        "gridweave-dso",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-chain",
            "gridweave-agents",
        ],
    ),
    (
        "gridweave-audit",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-chain",
        ],
    ),
    ("gridweave-plot", &[]),
    (
        "gridweave",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-model",
            "gridweave-optim",
            "gridweave-solver",
            "gridweave-chain",
            "gridweave-agents",
            "gridweave-dso",
            "gridweave-audit",
            "gridweave-plot",
        ],
    ),
    (
        "gridweave-testkit",
        &[
            "gridweave-units",
            "gridweave-rules",
            "gridweave-types",
            "gridweave-grid",
            "gridweave-coordinator",
            "gridweave-billing",
            "gridweave-audit",
            "gridweave-market",
            "gridweave-assets",
            "gridweave-crowdsourcing",
        ],
    ),
];

/// The crates that contracts are made of.
const ON_CHAIN_PACKAGES: &[&str] = &["gridweave-units", "gridweave-rules", "gridweave-types"];

/// Crates that know no chain: the same code runs in contracts, agents and auditors.
const PURE: &[&str] = &["gridweave-rules", "gridweave-model", "gridweave-optim"];

/// Crates that may name the simulated chain.
const MAY_SIMULATE: &[&str] = &["gridweave-chain", "gridweave-testkit"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn manifest(path: &Path) -> Table {
    let file = path.join("Cargo.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    text.parse()
        .unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// Folders of the workspace's members.
fn member_folders() -> Vec<PathBuf> {
    let workspace = manifest(&root());
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let mut folders = Vec::new();
    for member in members.iter().filter_map(Value::as_str) {
        match member.strip_suffix("/*") {
            None => folders.push(root().join(member)),
            Some(parent) => {
                let entries = fs::read_dir(root().join(parent)).unwrap();
                folders.extend(entries.map(|entry| entry.unwrap().path()));
            }
        }
    }
    folders
}

/// Manifests by crate name.
fn members() -> BTreeMap<String, Table> {
    let folders = member_folders().into_iter();
    folders
        .map(|folder| {
            let manifest = manifest(&folder);
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            (name, manifest)
        })
        .collect()
}

/// What a crate builds on, for every target; what its tests use is its own affair.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let per_target = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    std::iter::once(manifest)
        .chain(per_target)
        .flat_map(|table| ["dependencies", "build-dependencies"].map(|section| table.get(section)))
        .filter_map(|section| section?.as_table())
        .flat_map(Table::keys)
        .cloned()
        .collect()
}

fn is_own(name: &str) -> bool {
    name == "gridweave" || name.starts_with("gridweave-")
}

fn is_chain_crate(name: &str) -> bool {
    name.starts_with("cosmwasm") || name.starts_with("cw") || name.starts_with("cosmrs")
}

#[test]
fn every_crate_has_its_place_in_the_rule() {
    let placed: BTreeSet<_> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    let present: BTreeSet<_> = members().into_keys().collect();
    assert_eq!(present, placed);
}

#[test]
fn crates_build_only_on_what_lies_below_them() {
    let members = members();
    for (name, below) in MAY_USE {
        for dependency in dependencies(&members[*name]) {
            let allowed = !is_own(&dependency) || below.contains(&dependency.as_str());
            assert!(allowed, "{name} may not build on {dependency}");
        }
    }
}

#[test]
fn pure_crates_know_no_chain() {
    let members = members();
    for name in PURE {
        for dependency in dependencies(&members[*name]) {
            assert!(
                !is_chain_crate(&dependency),
                "{name} builds on {dependency}"
            );
        }
    }
    // Units describe themselves to the schema generator, and that is all.
    let units = dependencies(&members["gridweave-units"]);
    let known: Vec<_> = units.iter().filter(|name| is_chain_crate(name)).collect();
    assert_eq!(known, ["cw-schema"]);
}

#[test]
fn only_the_chain_crate_and_the_test_kit_simulate() {
    for (name, manifest) in members() {
        let simulates = dependencies(&manifest).contains("cw-multi-test");
        let allowed = MAY_SIMULATE.contains(&name.as_str());
        assert!(!simulates || allowed, "{name} builds on cw-multi-test");
    }
}

#[test]
fn every_crate_obeys_the_workspace_lints() {
    for (name, manifest) in members() {
        let inherits = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        assert_eq!(inherits, Some(&Value::Boolean(true)), "{name}");
    }
}
