//! The command line.

mod audit;
mod bench;
mod chain;
mod crowd;
mod figures;
mod localnet;
mod market;
mod prosumers;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub use audit::{AuditArgs, AuditSubject, BillArgs, HistoryArgs, PrivacyArgs, StatementArgs};
pub use bench::{BenchAction, BenchArgs, GasArgs};
pub use chain::{ActorArgs, ChainArgs, DeployArgs, KeyAction, LiveArgs};
pub use crowd::{AcceptanceArg, CrowdArgs};
pub use figures::FiguresArgs;
pub use localnet::{LocalnetAction, LocalnetArgs, LocalnetUp};
pub use market::{MarketArgs, SolverArg};
pub use prosumers::{GraphArg, ProsumerArgs};

/// Schedules neighbourhood energy through contracts on a chain.
#[derive(Debug, Parser)]
#[command(name = "gridweave", version, about, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print the result as JSON on stdout.
    #[arg(long, global = true)]
    pub json: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Schedule one day of a scenario, on an in-process chain or a real one, or trade one on a market or
    /// among prosumers.
    Run(Box<RunArgs>),
    /// List the scenarios that ship with the program.
    Scenarios,
    /// Check a scenario and describe it; nothing is run.
    Check {
        /// A shipped name, a TOML file, a golden JSON file, a recorded order book or a community file.
        scenario: String,
    },
    /// Turn data of another program into a scenario.
    Import {
        /// The format.
        #[command(subcommand)]
        format: ImportFormat,
    },
    /// Run a CosmWasm chain of one or four validators on this machine.
    Localnet(LocalnetArgs),
    /// Put the contracts on a chain, or check and upgrade those that are there.
    Deploy(DeployArgs),
    /// Take part in sessions with the devices of one bus or area.
    Agent(ActorArgs),
    /// Register a feeder and its accounts and open a session.
    Operator(ActorArgs),
    /// Close rounds whose deadline has passed; record, settle and reconcile; finalize a market.
    Keeper(ActorArgs),
    /// Sign what meters read and report it.
    Meter(ActorArgs),
    /// Solve a market: match its offers and hand in what is better than the candidate.
    Solver(ActorArgs),
    /// The operator's counter of a market: permits and money for anonymous addresses, deposits
    /// credited to accounts.
    Dso(ActorArgs),
    /// Trade for one or more homes, each under a fresh key in every period.
    Trader(ActorArgs),
    /// Start a programme, let a crowd take part and run algorithm 1: tasks with incentives, raises,
    /// supplements, reconciliation.
    CrowdOperator(ActorArgs),
    /// Take part in a programme as a crowdsourcee or generator: preferences, agreements, answers.
    Crowdsourcee(ActorArgs),
    /// Show what an account was paid and charged for each interval, and why.
    Bill(BillArgs),
    /// Show the statements of a period.
    Statement(StatementArgs),
    /// Compute every payment again from events alone; fails at a difference.
    Audit(AuditArgs),
    /// Measure what the contracts cost on a real chain.
    Bench(BenchArgs),
    /// Draw the figures of the TRANSAX paper from runs of our own, each with its numbers as CSV.
    Figures(FiguresArgs),
    /// Make or show a key.
    Key {
        /// What to do.
        #[command(subcommand)]
        action: KeyAction,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Formats that can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportFormat {
    /// A radial MATPOWER case file.
    Matpower {
        /// The `.m` file.
        file: PathBuf,
        /// Where to write the scenario; stdout without it.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// How participants are coupled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// One area per bus, plain consensus ADMM.
    Nodal,
    /// Five lateral areas, consensus ADMM with Anderson acceleration.
    Lateral,
    /// Net injections against the contract's combination master.
    Exchange,
    /// Net injections, plain exchange ADMM.
    ExchangeAdmm,
}

/// Options of `gridweave run`.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// A shipped name, a TOML file, a golden JSON file, a recorded order book or a community file.
    pub scenario: String,
    /// Coupling; the scenario's own choice without it.
    #[arg(long, value_enum)]
    pub mode: Option<ModeArg>,
    /// Folder of the results; `out/SCENARIO` without it.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Seed of the random placement and of faults; the scenario's own without it.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Probability that a participant is silent in a round.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub stragglers: f64,
    /// Share of participants that answer with random numbers within their bounds.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub liars: f64,
    /// Switch off the contract's monotonicity check on iterates.
    #[arg(long)]
    pub no_checks: bool,
    /// Run the day before first and start from its plan and prices.
    #[arg(long)]
    pub warm: bool,
    /// Stop when the day is scheduled or traded: no meters, no bills.
    #[arg(long)]
    pub no_bills: bool,
    /// Most rounds.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: Option<u32>,
    /// Certified gap at which an exchange session stops; 0 runs all rounds.
    #[arg(long, value_parser = share)]
    pub gap: Option<f64>,
    /// Answers the contract keeps per participant.
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    pub memory: Option<u32>,
    /// Of a market.
    #[command(flatten)]
    pub market: MarketArgs,
    /// Of prosumers.
    #[command(flatten)]
    pub prosumers: ProsumerArgs,
    /// Of a crowd.
    #[command(flatten)]
    pub crowd: CrowdArgs,
    /// On a real chain.
    #[command(flatten)]
    pub live: LiveArgs,
}

impl RunArgs {
    /// Whether an option is given that only sessions on a network know.
    pub fn changes_network(&self) -> bool {
        let flags = [self.no_checks, self.warm, self.memory.is_some()];
        flags.contains(&true) || self.mode.is_some() || self.stragglers + self.liars > 0.0
    }

    /// Whether an option is given that only scheduled days know.
    pub fn changes_session(&self) -> bool {
        let numbers = self.rounds.is_some() || self.seed.is_some() || self.gap.is_some();
        numbers || self.changes_network() || self.prosumers.any()
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(format!("'{text}' is not a number between 0 and 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn shares_stay_within_zero_and_one() {
        assert_eq!(share("0.1"), Ok(0.1));
        for bad in ["-0.1", "1.1", "NaN", "ten"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
