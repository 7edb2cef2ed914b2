//! What a crowd's day took on a real chain.

use anyhow::Result;
use gridweave_chain::Chain;
use gridweave_chain::wasmd::{TxRecord, WasmdChain};
use serde::Serialize;

use super::setting::Setting;

/// Figures of a run on a real chain. Gas is gas used; failed transactions count.
#[derive(Debug, Clone, Serialize)]
pub struct LiveFigures {
    /// The chain.
    pub chain_id: String,
    /// How many processes acted, 0 when everybody was a task of one.
    pub processes: usize,
    /// Transactions that called the crowd's contract.
    pub tx_total: usize,
    /// Of these, those that failed on the chain.
    pub tx_failed: usize,
    /// Their gas.
    pub gas_total: u64,
}

impl LiveFigures {
    /// Counts the transactions since the block `from`.
    ///
    /// # Errors
    /// The node does not have the blocks any more.
    pub async fn collect(
        chain: &WasmdChain,
        setting: &Setting,
        from: u64,
        processes: usize,
    ) -> Result<Self> {
        let records = chain.transactions(from, chain.height().await?).await?;
        let ours = |tx: &&TxRecord| {
            let mut calls = tx.calls.iter();
            calls.any(|(contract, _)| *contract == setting.crowd)
        };
        let own: Vec<&TxRecord> = records.iter().filter(ours).collect();
        Ok(Self {
            chain_id: chain.chain_id().into(),
            processes,
            tx_total: own.len(),
            tx_failed: own.iter().filter(|tx| tx.code != 0).count(),
            gas_total: own.iter().map(|tx| tx.gas_used).sum(),
        })
    }
}
