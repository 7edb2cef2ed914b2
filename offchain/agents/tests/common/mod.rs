//! What several tests share.
#![allow(dead_code)]

pub mod metered;
pub mod trading;

use std::sync::atomic::{AtomicUsize, Ordering};

use gridweave_chain::embedded::EmbeddedChain;
use gridweave_chain::{
    Call, Chain, ChainError, ChainEvent, ContractAddr, Route, Signer, Transfer, TxResponse,
};

/// A chain whose user dies after some transactions: later ones fail.
pub struct Mortal {
    chain: EmbeddedChain,
    left: AtomicUsize,
}

impl Mortal {
    /// It dies after `transactions`.
    pub fn new(chain: &EmbeddedChain, transactions: usize) -> Self {
        Self {
            chain: chain.clone(),
            left: AtomicUsize::new(transactions),
        }
    }
}

impl Chain for Mortal {
    fn chain_id(&self) -> &str {
        self.chain.chain_id()
    }

    async fn signer(&self, name: &str) -> Result<Signer, ChainError> {
        self.chain.signer(name).await
    }

    async fn execute_many(
        &self,
        signer: &Signer,
        calls: Vec<Call>,
    ) -> Result<TxResponse, ChainError> {
        let alive = |left: usize| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, alive)
            .map_err(|_| ChainError::Stopped)?;
        self.chain.execute_many(signer, calls).await
    }

    async fn query_json(&self, to: &ContractAddr, msg: Vec<u8>) -> Result<Vec<u8>, ChainError> {
        self.chain.query_json(to, msg).await
    }

    async fn events(&self, from_height: u64) -> Result<Vec<ChainEvent>, ChainError> {
        self.chain.events(from_height).await
    }

    async fn events_between(&self, from: u64, to: u64) -> Result<Vec<ChainEvent>, ChainError> {
        self.chain.events_between(from, to).await
    }

    async fn time_of(&self, height: u64) -> Result<u64, ChainError> {
        self.chain.time_of(height).await
    }

    async fn height(&self) -> Result<u64, ChainError> {
        self.chain.height().await
    }

    async fn beyond(&self, height: u64) -> Result<u64, ChainError> {
        self.chain.beyond(height).await
    }

    async fn time(&self) -> Result<u64, ChainError> {
        self.chain.time().await
    }
    async fn transfer(&self, hash: &str, route: Route<'_>) -> Result<Option<Transfer>, ChainError> {
        self.chain.transfer(hash, route).await
    }
}
