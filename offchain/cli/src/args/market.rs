//! Options of `gridweave run` that are about markets.

use clap::{Args, ValueEnum};
use gridweave_model::market::MarketObjective;

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

/// What differs from the market's own choice.
#[derive(Debug, Clone, Copy, Default, Args)]
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
}

impl MarketArgs {
    /// Whether any is given.
    pub fn any(&self) -> bool {
        self.battery || self.window.is_some() || self.objective.is_some()
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
