//! A node that may be away for a while: calls that only read are repeated until it is back.

use std::time::Duration;

use cosmrs::proto::prost::Message;
use cosmrs::tendermint::Hash;
use tendermint_rpc::endpoint::broadcast::tx_sync;
use tendermint_rpc::endpoint::{block, block_results, status, tx};
use tokio::time::{Instant, sleep};

use super::log;
use super::rpc::{Answer, Rpc, RpcError};
use crate::ChainError;

/// Pause after the first call without answer; doubled after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A node and the patience with it.
pub(super) struct Node {
    rpc: Box<dyn Rpc>,
    patience: Duration,
}

/// The application's refusal of a query.
#[derive(Debug)]
pub(super) struct Denied {
    /// Its words.
    pub(super) log: String,
}

impl Node {
    pub(super) fn new(rpc: Box<dyn Rpc>, patience: Duration) -> Self {
        Self { rpc, patience }
    }

    pub(super) fn url(&self) -> &str {
        self.rpc.url()
    }

    pub(super) fn announcements(&self) -> Option<String> {
        self.rpc.announcements()
    }

    /// Asks at once, without patience: who connects wants to know now.
    pub(super) async fn status_now(&self) -> Result<status::Response, ChainError> {
        let answer = self.rpc.status().await;
        answer.map_err(|error| self.fault("tell its status", error))
    }

    /// Height that the application has committed, asked once.
    pub(super) async fn height_now(&self) -> Result<u64, RpcError> {
        Ok(self.rpc.abci_info().await?.last_block_height.value())
    }

    /// Height that the application has committed. `/status` can be a block ahead of the state that
    /// queries see.
    pub(super) async fn height(&self) -> Result<u64, ChainError> {
        let answer = self.patiently(|| self.rpc.abci_info()).await;
        let info = answer.map_err(|error| self.fault("tell its height", error))?;
        Ok(info.last_block_height.value())
    }

    /// Unix seconds of the latest block.
    pub(super) async fn time(&self) -> Result<u64, ChainError> {
        let attempt = "tell its time";
        let answer = self.patiently(|| self.rpc.status()).await;
        let status = answer.map_err(|error| self.fault(attempt, error))?;
        let seconds = status.sync_info.latest_block_time.unix_timestamp();
        u64::try_from(seconds).map_err(|_| {
            self.fault(
                attempt,
                RpcError::Unreadable(format!("{seconds} s is before 1970")),
            )
        })
    }

    /// The included transaction `hash`; none when the node does not know it.
    pub(super) async fn tx(&self, hash: Hash) -> Result<Option<tx::Response>, ChainError> {
        match self.patiently(|| self.rpc.tx(hash)).await {
            Ok(found) => Ok(Some(found)),
            Err(RpcError::Refused(reason)) if reason.contains("not found") => Ok(None),
            Err(error) => Err(self.fault(&format!("look up transaction {hash}"), error)),
        }
    }

    pub(super) async fn block(&self, height: u64) -> Result<block::Response, ChainError> {
        let answer = self.patiently(|| self.rpc.block(height)).await;
        answer.map_err(|error| self.fault(&format!("give block {height}"), error))
    }

    pub(super) async fn block_results(
        &self,
        height: u64,
    ) -> Result<block_results::Response, ChainError> {
        let answer = self.patiently(|| self.rpc.block_results(height)).await;
        answer.map_err(|error| self.fault(&format!("give the results of block {height}"), error))
    }

    /// Asks the application's service `path`; the inner error is the application's own.
    pub(super) async fn ask<A: Message + Default>(
        &self,
        path: &'static str,
        request: &impl Message,
    ) -> Result<Result<A, Denied>, ChainError> {
        self.ask_at(path, request, None).await
    }

    /// As [`Node::ask`], of the state that the block `height` left.
    pub(super) async fn ask_at<A: Message + Default>(
        &self,
        path: &'static str,
        request: &impl Message,
        height: Option<u64>,
    ) -> Result<Result<A, Denied>, ChainError> {
        let data = request.encode_to_vec();
        let fault = |error| self.fault(&format!("answer {path}"), error);
        let answer = self.patiently(|| self.rpc.abci_query(path, data.clone(), height));
        let answer = answer.await.map_err(fault)?;
        if answer.code.is_err() {
            return Ok(Err(Denied { log: answer.log }));
        }
        let decoded = A::decode(answer.value.as_slice());
        decoded
            .map(Ok)
            .map_err(|error| fault(RpcError::Unreadable(error.to_string())))
    }

    /// As [`Node::ask`], where a refusal is an error of the node.
    pub(super) async fn demand<A: Message + Default>(
        &self,
        path: &'static str,
        request: &impl Message,
    ) -> Result<A, ChainError> {
        self.ask(path, request)
            .await?
            .map_err(|denied| self.fault(&format!("answer {path}"), RpcError::Refused(denied.log)))
    }

    /// Hands a transaction in, once: whether to do it again is for the caller to know.
    pub(super) async fn broadcast(&self, bytes: Vec<u8>) -> Result<tx_sync::Response, RpcError> {
        self.rpc.broadcast(bytes).await
    }

    /// `error` as the failure to do what `attempt` says.
    pub(super) fn fault(&self, attempt: &str, error: RpcError) -> ChainError {
        let (url, attempt) = (self.url().to_owned(), attempt.to_owned());
        let reason = error.reason().to_owned();
        match error {
            RpcError::Unreachable(_) => ChainError::Unreachable {
                url,
                attempt,
                reason,
            },
            RpcError::Refused(_) | RpcError::Unreadable(_) => ChainError::Node {
                url,
                attempt,
                reason,
            },
        }
    }

    async fn patiently<'a, T>(&self, call: impl Fn() -> Answer<'a, T>) -> Result<T, RpcError> {
        let give_up = Instant::now() + self.patience;
        let mut pause = FIRST_PAUSE;
        loop {
            match call().await {
                Err(RpcError::Unreachable(reason)) if Instant::now() + pause < give_up => {
                    log::node_silent(self.url(), &reason);
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                answer => return answer,
            }
        }
    }
}
