//! Options of the commands that read what the billing contract has announced.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where the history is.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "History")]
pub struct HistoryArgs {
    /// Event log that a run has left: the file, or the folder of the run.
    #[arg(long, required_unless_present = "chain", conflicts_with = "chain")]
    pub events: Option<PathBuf>,
    /// RPC address of a node (http://HOST:PORT), or `local` for the network on this machine.
    #[arg(long)]
    pub chain: Option<String>,
    /// Where the deployment is written down; `deployment.json`, or for a network on this machine a
    /// file in its folder.
    #[arg(long, requires = "chain")]
    pub deployment: Option<PathBuf>,
}

/// Options of `gridweave bill`.
#[derive(Debug, Args)]
pub struct BillArgs {
    /// Address of the account.
    pub account: String,
    /// Intervals to show, both included: A..B, A.. or ..B; all without it.
    #[arg(long, value_parser = intervals)]
    pub interval: Option<RangeInclusive<u32>>,
    /// The history.
    #[command(flatten)]
    pub history: HistoryArgs,
}

/// Options of `gridweave statement`.
#[derive(Debug, Args)]
pub struct StatementArgs {
    /// The period: interval divided by the period's length; the last with a line without it.
    #[arg(long)]
    pub period: Option<u32>,
    /// Address of one account; all accounts without it.
    #[arg(long)]
    pub account: Option<String>,
    /// The history.
    #[command(flatten)]
    pub history: HistoryArgs,
}

/// Options of `gridweave audit`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AuditArgs {
    /// Something else than payments.
    #[command(subcommand)]
    pub subject: Option<AuditSubject>,
    /// The history.
    #[command(flatten)]
    pub history: HistoryArgs,
}

/// What else can be audited.
#[derive(Debug, Subcommand)]
pub enum AuditSubject {
    /// Try to tell, from a market's events alone, which of its addresses are one person's.
    Privacy(PrivacyArgs),
}

/// Options of `gridweave audit privacy`.
#[derive(Debug, Args)]
pub struct PrivacyArgs {
    /// The history.
    #[command(flatten)]
    pub history: HistoryArgs,
    /// Table of what only the operator knows, to judge the attempts with: CSV with the columns
    /// `address` and `person`.
    #[arg(long, value_name = "CSV")]
    pub truth: Option<PathBuf>,
    /// Seed of the random links that attempts are compared with.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

fn intervals(text: &str) -> Result<RangeInclusive<u32>, String> {
    let wrong = || format!("'{text}' is not a range of intervals like 0..23, 12.. or ..11");
    let (first, last) = text.split_once("..").ok_or_else(wrong)?;
    let bound = |text: &str, open: u32| match text {
        "" => Ok(open),
        text => text.parse().map_err(|_| wrong()),
    };
    let (first, last) = (bound(first, 0)?, bound(last, u32::MAX)?);
    if first > last {
        return Err(wrong());
    }
    Ok(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_intervals() {
        assert_eq!(intervals("3..7"), Ok(3..=7));
        assert_eq!(intervals("..7"), Ok(0..=7));
        assert_eq!(intervals("3.."), Ok(3..=u32::MAX));
        for bad in ["7..3", "a..b", "5", "-1..2", ""] {
            assert!(intervals(bad).is_err(), "{bad}");
        }
    }
}
