//! Options of the commands that act on a real chain.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Folder of the wasm files.
const ARTIFACTS: &str = "artifacts";
/// Price of gas on a network on this machine.
const GAS_PRICE: &str = "0.0001stake";

/// Which chain, and who pays.
#[derive(Debug, Clone, Args)]
pub struct ChainArgs {
    /// RPC address of a node (http://HOST:PORT), or `local` for a network on this machine.
    #[arg(long)]
    pub chain: String,
    /// File with the operator's key; a network on this machine has one already.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// Where the deployment is (or will be) written down; `deployment.json`, or for a network on
    /// this machine a file in its folder.
    #[arg(long)]
    pub deployment: Option<PathBuf>,
    /// Folder of the contracts' wasm files.
    #[arg(long, default_value = ARTIFACTS)]
    pub artifacts: PathBuf,
    /// Price of a unit of gas.
    #[arg(long, default_value = GAS_PRICE)]
    pub gas_price: String,
}

/// Options of `gridweave run` on a real chain.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "On a real chain")]
pub struct LiveArgs {
    /// RPC address of a node (http://HOST:PORT), or `local` for a network on this machine; the
    /// embedded chain without it.
    #[arg(long)]
    pub chain: Option<String>,
    /// File with the operator's key; a network on this machine has one already.
    #[arg(long, requires = "chain")]
    pub key: Option<PathBuf>,
    /// Where the deployment is (or will be) written down.
    #[arg(long, requires = "chain")]
    pub deployment: Option<PathBuf>,
    /// Folder of the contracts' wasm files; `artifacts` without it.
    #[arg(long, requires = "chain")]
    pub artifacts: Option<PathBuf>,
    /// Price of a unit of gas; `0.0001stake` without it.
    #[arg(long, requires = "chain")]
    pub gas_price: Option<String>,
    /// Run the actors as tasks of this process instead of processes of their own.
    #[arg(long, requires = "chain")]
    pub in_process: bool,
    /// Number that the feeder is registered under.
    #[arg(long, default_value_t = 1)]
    pub feeder: u32,
    /// Market or crowd: seconds that an interval takes on the chain; 5 for a market and 15 for a crowd
    /// without it.
    #[arg(long, requires = "chain", value_name = "SECONDS",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub interval_seconds: Option<u32>,
    /// Market: seconds before the first interval that may be traded becomes final, in which the
    /// first offers are posted. Crowd: seconds in which preferences are taken. Besides a quarter of a
    /// second for each process.
    #[arg(long, requires = "chain", value_name = "SECONDS", default_value_t = 20)]
    pub lead: u32,
}

impl LiveArgs {
    /// The same for commands that need a chain; `None` without one.
    pub fn chain_args(&self) -> Option<ChainArgs> {
        Some(ChainArgs {
            chain: self.chain.clone()?,
            key: self.key.clone(),
            deployment: self.deployment.clone(),
            artifacts: self.artifacts.clone().unwrap_or_else(|| ARTIFACTS.into()),
            gas_price: self.gas_price.clone().unwrap_or_else(|| GAS_PRICE.into()),
        })
    }
}

/// Options of `gridweave deploy`.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// The chain.
    #[command(flatten)]
    pub chain: ChainArgs,
    /// Scenario whose `[billing]` section gives the terms of the bills, and whose `[market]` section,
    /// if it has one, those of the market; one with a crowd gets its contract too. Hourly intervals in real time without it. Terms are fixed
    /// when the contract is made.
    #[arg(long)]
    pub scenario: Option<String>,
    /// Address that owns the grid account; the operator's without it.
    #[arg(long)]
    pub treasury: Option<String>,
    /// Migrate contracts that have other code than the wasm files; forward only.
    #[arg(long)]
    pub upgrade: bool,
}

/// Options of the commands that are actors, from `gridweave agent` to `gridweave crowdsourcee`.
#[derive(Debug, Args)]
pub struct ActorArgs {
    /// The configuration, TOML.
    #[arg(long)]
    pub config: PathBuf,
    /// End when stdin closes, as it does when the program that started this one dies.
    #[arg(long, hide = true)]
    pub with_parent: bool,
}

/// What to do with a key file.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// Make a new key that only you can read, and print its address.
    New {
        /// The file; it must not exist.
        file: PathBuf,
    },
    /// Print the address of a key.
    Show {
        /// The file.
        file: PathBuf,
        /// Print the public key instead, 66 hex digits: what `grid` must know of a meter.
        #[arg(long)]
        public: bool,
    },
}
