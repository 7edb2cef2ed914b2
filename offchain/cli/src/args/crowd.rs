//! Options of `gridweave run` that are about crowds.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

/// How crowdsourcees of Type 2 answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceArg {
    /// All accept whatever they are offered.
    All,
    /// By their hidden reservation prices.
    Model,
}

/// Who accepts.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Crowds")]
pub struct CrowdArgs {
    /// How crowdsourcees of Type 2 answer; `model` without it.
    #[arg(long, value_enum)]
    pub acceptance: Option<AcceptanceArg>,
    /// Days one after another on one chain, each with a programme and a shortage of its own; 1 without it.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: Option<u32>,
}

impl CrowdArgs {
    /// Whether an option is given that only crowds know.
    pub fn any(&self) -> bool {
        self.acceptance.is_some() || self.days.is_some()
    }
}
