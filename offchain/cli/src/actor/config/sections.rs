//! The sections that configurations are made of.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{Contracts, KeySource, Keyring};
use gridweave_model::SessionMode;
use serde::{Deserialize, Serialize};

use crate::deployment::Deployment;
use crate::run::problem::Problem;

/// How an actor reaches the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainSection {
    /// RPC address of a node, `http://HOST:PORT`.
    pub url: String,
    /// File that `gridweave deploy` wrote.
    pub deployment: PathBuf,
    /// Price of a unit of gas.
    #[serde(default = "default_gas_price")]
    pub gas_price: String,
    /// How often to ask for new blocks where the node does not announce them (ms).
    #[serde(default = "default_poll_ms")]
    pub poll_ms: u64,
    /// Account that pays this one's fees, if another does.
    pub fee_granter: Option<String>,
    /// Folder for the record of transactions under way.
    pub journal: PathBuf,
}

fn default_gas_price() -> String {
    GasPrice::default().to_string()
}

fn default_poll_ms() -> u64 {
    1_000
}

/// Where an actor's key is: exactly one of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySection {
    /// A file with 64 hex digits that only its owner can read.
    pub file: Option<PathBuf>,
    /// Name of an environment variable with 64 hex digits.
    pub env: Option<String>,
}

/// The day that is scheduled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSection {
    /// A shipped name or a file.
    pub name: String,
    /// Seed; the scenario's own without it.
    pub seed: Option<u64>,
    /// Coupling; the scenario's own without it.
    pub mode: Option<SessionMode>,
}

/// Which sessions an actor cares about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSection {
    /// Only sessions with a higher number.
    #[serde(default)]
    pub after: u64,
    /// End with the first session instead of waiting for the next.
    #[serde(default)]
    pub once: bool,
}

/// Faults on purpose, for experiments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSection {
    /// Probability of silence in a round.
    #[serde(default)]
    pub silent: f64,
    /// Answer with random numbers within the bounds.
    #[serde(default)]
    pub lies: bool,
    /// Seed of both.
    #[serde(default)]
    pub seed: u64,
}

/// A connection and the contracts behind it.
pub struct Connection {
    /// The chain, with the actor's key.
    pub chain: WasmdChain,
    /// Its contracts.
    pub contracts: Contracts,
}

impl ChainSection {
    /// Connects with the keys of `keyring`; relative paths count from `base`.
    ///
    /// # Errors
    /// The deployment cannot be read or is of another chain, or no node answers.
    pub async fn connect(&self, base: &Path, keyring: Keyring) -> Result<Connection> {
        let deployment = Deployment::read(&base.join(&self.deployment))?;
        let options = Options {
            gas_price: self.gas_price.parse::<GasPrice>()?,
            poll_interval: Duration::from_millis(self.poll_ms),
            journal: Some(base.join(&self.journal)),
            fee_granter: self.fee_granter.clone(),
            chain_id: Some(deployment.chain_id.clone()),
            ..Options::default()
        };
        Ok(Connection {
            chain: WasmdChain::connect(&self.url, keyring, options).await?,
            contracts: deployment.contracts()?,
        })
    }
}

impl KeySection {
    /// Where the key is; a relative file counts from `base`.
    ///
    /// # Errors
    /// None or both are given.
    pub fn source(&self, base: &Path) -> Result<KeySource> {
        match (&self.file, &self.env) {
            (Some(file), None) => Ok(KeySource::File(base.join(file))),
            (None, Some(name)) => Ok(KeySource::Env(name.clone())),
            _ => bail!("[key] needs exactly one of 'file' and 'env'"),
        }
    }
}

impl ScenarioSection {
    /// The day; a relative file counts from `base`.
    ///
    /// # Errors
    /// The scenario cannot be read.
    pub fn problem(&self, base: &Path) -> Result<Problem> {
        let file = base.join(&self.name);
        let name = match file.is_file() {
            true => file.to_str().context("the scenario's path is not UTF-8")?,
            false => &self.name,
        };
        let mut problem = Problem::load(name, self.seed)?;
        if let Some(mode) = self.mode {
            problem.choose_mode(mode);
        }
        Ok(problem)
    }
}
