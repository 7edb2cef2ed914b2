//! Options of `gridweave run` that are about prosumers.

use clap::{Args, ValueEnum};

/// Who may trade with whom, pairwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphArg {
    /// Everybody with everybody.
    Complete,
    /// Each home with the two beside it.
    Ring,
    /// Along the branches of a feeder with laterals of ten homes.
    Feeder,
}

/// How homes trade.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Prosumers")]
pub struct ProsumerArgs {
    /// Trade with each partner on its own, Y(14) to Y(17), instead of in a pool.
    #[arg(long)]
    pub pairwise: bool,
    /// Who may trade with whom; `complete` without it.
    #[arg(long, value_enum, requires = "pairwise")]
    pub graph: Option<GraphArg>,
    /// Plan the rest of the horizon anew every few hours, with forecasts.
    #[arg(long, conflicts_with = "pairwise")]
    pub rolling: bool,
    /// Hours between two plans; 6 without it.
    #[arg(long, value_name = "H", requires = "rolling",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub every: Option<u32>,
    /// Begin every session of rolling operation afresh, to compare with.
    #[arg(long, requires = "rolling")]
    pub cold: bool,
    /// Another number of homes than the scenario's.
    #[arg(long, value_name = "N")]
    pub homes: Option<usize>,
    /// Put the homes on the feeder of a scenario, whose limits their trade must respect.
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["pairwise", "rolling"])]
    pub network: Option<String>,
}

impl ProsumerArgs {
    /// Whether any is given.
    pub fn any(&self) -> bool {
        let flags = self.pairwise || self.rolling;
        flags || self.homes.is_some() || self.network.is_some()
    }
}
