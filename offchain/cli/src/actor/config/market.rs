//! The parts of configurations that are about markets.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ChainSection, KeySection};
use crate::args::SolverArg;

/// `gridweave solver`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SolverConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The key, with coins for the bond.
    pub key: KeySection,
    /// How it works.
    #[serde(default)]
    pub solver: SolverSection,
    /// The market.
    #[serde(default)]
    pub market: MarketSection,
}

/// How a solver works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SolverSection {
    /// What it does.
    pub strategy: SolverArg,
    /// From the beginning of a turn to that of the next (ms).
    pub period_ms: u64,
    /// Longest that a linear program may take (s).
    pub time_limit_s: u64,
    /// Most trades in a message; what the market takes without it.
    pub chunk: Option<usize>,
    /// Seed of an adversary.
    pub seed: u64,
    /// File that the time of every solve is appended to (ms, one a line).
    pub record: Option<PathBuf>,
}

impl Default for SolverSection {
    fn default() -> Self {
        Self {
            strategy: SolverArg::Exact,
            period_ms: 1_000,
            time_limit_s: 60,
            chunk: None,
            seed: 0,
            record: None,
        }
    }
}

/// Which part of a market's time an actor cares about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarketSection {
    /// End when this interval is final; never without it.
    pub until: Option<u32>,
}
