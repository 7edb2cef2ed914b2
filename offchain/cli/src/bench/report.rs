//! The figures and their file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Contents of `gas.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What was measured, when and where.
    pub meta: Meta,
    /// The figures, ordered by key.
    pub rows: Vec<Row>,
}

/// Circumstances of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Commit of the checkout, where there is one; with `+` when files differ from it.
    pub commit: Option<String>,
    /// Version of the node, where this program started it.
    pub wasmd: Option<String>,
    /// SHA-256 of each contract's wasm.
    pub checksums: BTreeMap<String, String>,
    /// Day, UTC.
    pub date: String,
    /// Processor and cores.
    pub machine: String,
}

/// What is measured: one kind of message in one case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The contract.
    pub contract: String,
    /// The message, as in its JSON.
    pub message: String,
    /// Circumstances in words.
    pub case: String,
    /// Agents of the session, or rows of a batch; 0 where there are none.
    pub agents: u32,
    /// Intervals of the session; 0 where there are none.
    pub horizon: u32,
}

/// One line of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What was measured.
    #[serde(flatten)]
    pub key: Key,
    /// What it cost.
    #[serde(flatten)]
    pub cost: Cost,
}

/// What a transaction with one message cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Gas used.
    pub gas: u64,
    /// Bytes of the signed transaction.
    pub bytes: u64,
    /// Milliseconds from handing it in to its confirmation.
    pub ms: u64,
}

impl Cost {
    /// Adds what another transaction cost.
    pub fn add(&mut self, other: Self) {
        self.gas += other.gas;
        self.bytes += other.bytes;
        self.ms += other.ms;
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({}", self.contract, self.message, self.case)?;
        for (count, what) in [(self.agents, "agents"), (self.horizon, "intervals")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        f.write_str(")")
    }
}

impl Report {
    /// Reads a file.
    ///
    /// # Errors
    /// It is missing or damaged.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "figures {} cannot be read; `gridweave bench gas` writes them",
                path.display()
            )
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("figures {} are damaged", path.display()))
    }

    /// These figures with those of `other` in the place of the same ones, under its circumstances.
    pub fn renewed(self, other: Self) -> Self {
        let rows = self.rows.into_iter().chain(other.rows);
        let rows: BTreeMap<Key, Cost> = rows.map(|row| (row.key, row.cost)).collect();
        let rows = rows.into_iter().map(|(key, cost)| Row { key, cost });
        Self {
            meta: other.meta,
            rows: rows.collect(),
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Its folder cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self).context("figures")?;
        text.push('\n');
        fs::write(path, text)
            .with_context(|| format!("figures {} cannot be written", path.display()))
    }
}

/// A row for tests.
#[cfg(test)]
pub fn row(message: &str, agents: u32, gas: u64) -> Row {
    Row {
        key: Key {
            contract: "coordinator".into(),
            message: message.into(),
            case: "pool".into(),
            agents,
            horizon: 24,
        },
        cost: Cost {
            gas,
            bytes: 500,
            ms: 200,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_survive_their_file() {
        let report = Report {
            meta: Meta {
                commit: Some("abc".into()),
                wasmd: None,
                checksums: BTreeMap::from([("grid".into(), "00".into())]),
                date: "2026-01-31".into(),
                machine: "none".into(),
            },
            rows: vec![row("open", 10, 1), row("submit_iterate", 10, 2)],
        };
        let text = serde_json::to_string(&report).unwrap();
        assert!(
            text.contains(r#""message":"open","case":"pool","agents":10"#),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    #[test]
    fn new_figures_take_the_place_of_the_same_ones() {
        let report = |commit: &str, rows| Report {
            meta: Meta {
                commit: Some(commit.into()),
                wasmd: None,
                checksums: BTreeMap::new(),
                date: "2026-01-31".into(),
                machine: "none".into(),
            },
            rows,
        };
        let old = report("old", vec![row("open", 10, 1), row("open", 20, 2)]);
        let new = report("new", vec![row("open", 5, 4), row("open", 20, 3)]);
        let expected = vec![row("open", 5, 4), row("open", 10, 1), row("open", 20, 3)];
        assert_eq!(old.renewed(new), report("new", expected));
    }

    #[test]
    fn a_damaged_file_is_named() {
        let error = Report::read(Path::new("/nowhere/gas.json")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/gas.json"), "{error}");
    }
}
