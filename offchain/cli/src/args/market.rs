//! Options of `gridweave run` that are about markets.

use clap::{Args, ValueEnum};
use gridweave_model::market::MarketObjective;
use serde::{Deserialize, Serialize};

/// What a market maximizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ObjectiveArg {
    /// Traded energy.
    Energy,
    /// Traded energy, soon-expiring offers first.
    ExpiringFirst,
    /// What buyers would pay above what sellers ask.
    Welfare,
}

/// A solver of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SolverArg {
    /// The optimum of the linear program, with a certificate.
    Exact,
    /// Pairs as they come.
    Greedy,
    /// The optimum, handed in an interval and a half late.
    Slow,
    /// A test adversary, which tries everything that a solution must not do.
    Hostile,
    /// Nobody.
    None,
}

/// What differs from the market's own choice.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Markets")]
pub struct MarketArgs {
    /// Producers have batteries.
    #[arg(long)]
    pub battery: bool,
    /// Intervals that homes see ahead, the present one counted.
    #[arg(long, value_name = "L")]
    pub window: Option<u32>,
    /// What is maximized.
    #[arg(long, value_enum)]
    pub objective: Option<ObjectiveArg>,
    /// Who solves, in this order; one `exact` without it.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST")]
    pub solvers: Vec<SolverArg>,
    /// Solvers commit to a solution in an earlier block and have so many seconds to reveal it.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub reveal: Option<u32>,
    /// Serve homes and let them post in their own order, which gives them away; to compare with.
    #[arg(long)]
    pub in_order: bool,
}

impl MarketArgs {
    /// Whether any is given.
    pub fn any(&self) -> bool {
        self.battery
            || self.in_order
            || self.window.is_some()
            || self.objective.is_some()
            || !self.solvers.is_empty()
            || self.reveal.is_some()
    }
}

impl From<ObjectiveArg> for MarketObjective {
    fn from(objective: ObjectiveArg) -> Self {
        match objective {
            ObjectiveArg::Energy => Self::Energy,
            ObjectiveArg::ExpiringFirst => Self::ExpiringFirst,
            ObjectiveArg::Welfare => Self::Welfare,
        }
    }
}
