//! Options of `gridweave bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ChainArgs;

/// Measurements on a real chain.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// What is measured.
    #[command(subcommand)]
    pub action: BenchAction,
}

/// What can be measured.
#[derive(Debug, Subcommand)]
pub enum BenchAction {
    /// Gas, bytes and time of every message of every contract.
    Gas(GasArgs),
}

/// Options of `gridweave bench gas`.
#[derive(Debug, Args)]
pub struct GasArgs {
    /// RPC address of a node (http://HOST:PORT), or `local` for a network on this machine.
    #[arg(long, default_value = "local")]
    pub chain: String,
    /// File with the operator's key; a network on this machine has one already.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// Folder of the contracts' wasm files.
    #[arg(long, default_value = "artifacts")]
    pub artifacts: PathBuf,
    /// Price of a unit of gas.
    #[arg(long, default_value = "0.0001stake")]
    pub gas_price: String,
    /// The small sizes only: up to 100 agents, 24 intervals.
    #[arg(long)]
    pub fast: bool,
    /// The market only: the large one, or with `--fast` the small one. Other figures of the file
    /// stay as they are.
    #[arg(long, conflicts_with = "check")]
    pub market: bool,
    /// The crowd's contract only. Other figures of the file stay as they are.
    #[arg(long, conflicts_with_all = ["check", "market"])]
    pub crowd: bool,
    /// Where the figures are written; `artifacts/gas.json` for all sizes, nowhere for a part.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Measure the small sizes and fail where gas has grown by more than 3 % against this file.
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}

impl GasArgs {
    /// The chain. The contracts are always new ones, so there is no deployment file.
    pub fn chain_args(&self) -> ChainArgs {
        ChainArgs {
            chain: self.chain.clone(),
            key: self.key.clone(),
            deployment: None,
            artifacts: self.artifacts.clone(),
            gas_price: self.gas_price.clone(),
        }
    }
}
