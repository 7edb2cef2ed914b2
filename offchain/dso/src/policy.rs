//! How the operator goes about its work.

use serde::{Deserialize, Serialize};

/// Until when `billing` takes paid commitments of an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deadline {
    /// Before it begins: deployments of contracts that are older than this crate.
    Begin,
    /// Before it ends.
    #[default]
    End,
}

/// In which order a batch serves those who asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchOrder {
    /// At random, which tells nothing.
    #[default]
    Random,
    /// As they asked, which gives them away: for experiments and for records that must repeat.
    Asked,
}

/// Times and batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Until when deposits can be credited.
    pub deadline: Deadline,
    /// Sold energy that nobody deposited is called in so many chain seconds before the deadline.
    pub call_in_seconds: u64,
    /// What was deposited so many chain seconds before the deadline is credited, whatever may still
    /// come; earlier when nothing is missing.
    pub credit_seconds: u64,
    /// Payments that could not be received are tried again whenever the chain's clock passes a
    /// multiple of so many seconds, and when the process starts.
    pub retry_seconds: u64,
    /// Gas that an address may spend from the operator's account, on calls of contracts.
    pub address_gas: u64,
    /// Withdrawals of one account that reach an interval which is not final yet.
    pub open_withdrawals: u32,
    /// Order within batches.
    pub order: BatchOrder,
    /// Seed of a random order; the system's random numbers without it.
    pub seed: Option<u64>,
}

impl Default for Policy {
    /// For intervals of a quarter of an hour.
    fn default() -> Self {
        Self {
            deadline: Deadline::default(),
            call_in_seconds: 240,
            credit_seconds: 120,
            retry_seconds: 3_600,
            address_gas: 20_000_000,
            open_withdrawals: 500,
            order: BatchOrder::default(),
            seed: None,
        }
    }
}
