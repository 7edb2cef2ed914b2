//! What a day took on a real chain.

use std::collections::BTreeSet;

use anyhow::Result;
use gridweave_chain::Chain;
use gridweave_chain::wasmd::{TxRecord, WasmdChain};
use serde::Serialize;

/// Figures of a run on a real chain, up to the schedule where not said otherwise. Gas is gas used;
/// failed transactions count.
#[derive(Debug, Clone, Serialize)]
pub struct ChainFigures {
    /// The chain.
    pub chain_id: String,
    /// Processes that acted, 0 when they were tasks of one.
    pub processes: usize,
    /// Gas of all transactions, deployment left out.
    pub gas_total: u64,
    /// Median gas of an iterate.
    pub gas_per_submission: u64,
    /// Largest gas of an iterate: one that closed a round.
    pub gas_of_closing: u64,
    /// Transactions.
    pub tx_total: usize,
    /// Of these, those that failed on the chain.
    pub tx_failed: usize,
    /// Blocks from the first iterate to the schedule.
    pub blocks: u64,
    /// Seconds between the times of these two blocks.
    pub schedule_s: f64,
    /// Transactions from the schedule to the bills.
    pub tx_bills: usize,
    /// Their gas.
    pub gas_bills: u64,
}

impl ChainFigures {
    /// Counts the transactions of `accounts` since the block `from`, up to now; the session ended with
    /// the block `ended`.
    ///
    /// # Errors
    /// The node does not have the blocks any more.
    pub async fn collect(
        chain: &WasmdChain,
        from: u64,
        ended: u64,
        accounts: &[String],
        processes: usize,
    ) -> Result<Self> {
        let ours: BTreeSet<&str> = accounts.iter().map(String::as_str).collect();
        let all = chain.transactions(from, chain.height().await?).await?;
        let is_own = |tx: &&TxRecord| {
            let sender = tx.sender.as_deref();
            sender.is_some_and(|sender| ours.contains(sender))
        };
        let (own, bills): (Vec<&TxRecord>, Vec<&TxRecord>) =
            all.iter().filter(is_own).partition(|tx| tx.height <= ended);
        let mut iterates: Vec<&TxRecord> =
            own.iter().copied().filter(|tx| is_iterate(tx)).collect();
        let first = iterates.first().map_or(ended, |tx| tx.height);
        iterates.sort_by_key(|tx| tx.gas_used);
        let (first_s, ended_s) = (
            chain.block_time(first).await?,
            chain.block_time(ended).await?,
        );
        Ok(Self {
            chain_id: chain.chain_id().into(),
            processes,
            gas_total: own.iter().map(|tx| tx.gas_used).sum(),
            gas_per_submission: iterates.get(iterates.len() / 2).map_or(0, |tx| tx.gas_used),
            gas_of_closing: iterates.last().map_or(0, |tx| tx.gas_used),
            tx_total: own.len(),
            tx_failed: own.iter().filter(|tx| tx.code != 0).count(),
            blocks: ended - first + 1,
            schedule_s: ended_s - first_s,
            tx_bills: bills.len(),
            gas_bills: bills.iter().map(|tx| tx.gas_used).sum(),
        })
    }
}

fn is_iterate(tx: &TxRecord) -> bool {
    let kinds = ["iterate_submitted", "iterate_rejected"];
    tx.actions
        .iter()
        .any(|action| kinds.contains(&action.as_str()))
}
