//! The deployment file: where the contracts are, of what code, on which chain.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_chain::{ContractAddr, ContractKind, Contracts};
use serde::{Deserialize, Serialize};

/// Contents of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// The chain.
    pub chain_id: String,
    /// Admin of the contracts and operator of the grid.
    pub operator: String,
    /// The contracts.
    pub contracts: BTreeMap<ContractKind, DeployedContract>,
}

/// A deployed contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeployedContract {
    /// Its address.
    pub address: ContractAddr,
    /// Number of its code.
    pub code_id: u64,
    /// SHA-256 of its wasm.
    pub checksum: String,
}

impl Deployment {
    /// Reads a file.
    ///
    /// # Errors
    /// It is missing or damaged.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "deployment {} cannot be read; `gridweave deploy` writes it",
                path.display()
            )
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("deployment {} is damaged", path.display()))
    }

    /// Writes the file, all of it or nothing.
    ///
    /// # Errors
    /// Its folder cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self).context("deployment")?;
        text.push('\n');
        let draft = path.with_extension("draft");
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, path))
            .with_context(|| format!("deployment {} cannot be written", path.display()))
    }

    /// The contracts that actors talk to.
    ///
    /// # Errors
    /// One is missing.
    pub fn contracts(&self) -> Result<Contracts> {
        let contracts = self.contracts.iter();
        let deployed = contracts
            .map(|(kind, contract)| (*kind, contract.address.clone()))
            .collect();
        Ok(Contracts::new(&deployed)?)
    }
}
