//! The calls to a node that this backend makes, so that tests can answer them from a recording.

use std::future::Future;
use std::pin::Pin;

use cosmrs::tendermint::Hash;
use cosmrs::tendermint::abci::response::Info;
use tendermint_rpc::endpoint::abci_query::AbciQuery;
use tendermint_rpc::endpoint::broadcast::tx_sync;
use tendermint_rpc::endpoint::{block, block_results, status, tx};
use tendermint_rpc::error::ErrorDetail;

/// An answer on its way.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, RpcError>> + Send + 'a>>;

/// A node's RPC port.
pub(super) trait Rpc: Send + Sync {
    /// The node's address, for messages.
    fn url(&self) -> &str;

    /// Where the node announces its blocks, if it does.
    fn announcements(&self) -> Option<String>;

    /// Chain, latest block and its time.
    fn status(&self) -> Answer<'_, status::Response>;

    /// What the application has committed.
    fn abci_info(&self) -> Answer<'_, Info>;

    /// A query of the application's state, as the block `height` left it, or the latest.
    fn abci_query(
        &self,
        path: &'static str,
        data: Vec<u8>,
        height: Option<u64>,
    ) -> Answer<'_, AbciQuery>;

    /// Hands a transaction in; the answer is the first check's.
    fn broadcast(&self, bytes: Vec<u8>) -> Answer<'_, tx_sync::Response>;

    /// An included transaction.
    fn tx(&self, hash: Hash) -> Answer<'_, tx::Response>;

    /// A block.
    fn block(&self, height: u64) -> Answer<'_, block::Response>;

    /// What a block did.
    fn block_results(&self, height: u64) -> Answer<'_, block_results::Response>;
}

/// A call without a useful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RpcError {
    /// No answer: the node is down, or the connection broke. The call may have had its effect.
    Unreachable(String),
    /// The node's own words against the call.
    Refused(String),
    /// An answer that cannot be read.
    Unreadable(String),
}

impl RpcError {
    /// What is wrong, in words.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Unreachable(reason) | Self::Refused(reason) | Self::Unreadable(reason) => reason,
        }
    }
}

impl From<tendermint_rpc::Error> for RpcError {
    fn from(error: tendermint_rpc::Error) -> Self {
        match error.detail() {
            ErrorDetail::Response(answer) => {
                let answer = &answer.source;
                let words = answer.data().filter(|data| !data.is_empty());
                Self::Refused(words.unwrap_or(answer.message()).into())
            }
            ErrorDetail::HttpRequestFailed(answer) if !answer.status.is_server_error() => {
                Self::Refused(format!("HTTP status {}", answer.status))
            }
            ErrorDetail::Http(_) | ErrorDetail::HttpRequestFailed(_) | ErrorDetail::Timeout(_) => {
                Self::Unreachable(error.detail().to_string())
            }
            detail => Self::Unreadable(detail.to_string()),
        }
    }
}
