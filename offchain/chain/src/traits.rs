//! The chain as every actor sees it.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{
    Call, ChainError, ChainEvent, ContractAddr, Route, SecretKey, Signer, Transfer, TxResponse,
};

/// A ledger that runs the contracts. Calls of many tasks may overlap; transactions of one signer
/// are ordered by the order in which they are awaited.
///
/// A backend that needs a node answers every call with [`ChainError::Unreachable`] or
/// [`ChainError::Node`] when the node does not do its part.
pub trait Chain: Send + Sync {
    /// Name of the chain, as its contracts see it.
    fn chain_id(&self) -> &str;

    /// The signer called `name`.
    ///
    /// # Errors
    /// [`ChainError::Address`] when the chain has no such key.
    fn signer(&self, name: &str) -> impl Future<Output = Result<Signer, ChainError>> + Send;

    /// The signer of `key`, which the chain learns by this. Simulated chains have signers of their
    /// own for every key.
    ///
    /// # Errors
    /// [`ChainError::Key`] when the key cannot sign.
    fn adopt(&self, key: &SecretKey) -> impl Future<Output = Result<Signer, ChainError>> + Send {
        let name = key.address();
        async move { self.signer(&name?).await }
    }

    /// Runs several calls of one signer as one transaction: all of them or none.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the contract's message; then nothing has changed. After
    /// [`ChainError::Unconfirmed`] it may have: read the chain before trying again.
    fn execute_many(
        &self,
        signer: &Signer,
        calls: Vec<Call>,
    ) -> impl Future<Output = Result<TxResponse, ChainError>> + Send;

    /// Answers a query given and answered as JSON.
    ///
    /// # Errors
    /// [`ChainError::Query`] with the contract's message.
    fn query_json(
        &self,
        contract: &ContractAddr,
        msg: Vec<u8>,
    ) -> impl Future<Output = Result<Vec<u8>, ChainError>> + Send;

    /// Events of the block at `height` and later, in order.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    fn events(
        &self,
        from_height: u64,
    ) -> impl Future<Output = Result<Vec<ChainEvent>, ChainError>> + Send;

    /// Events of the blocks `from_height` to `to_height`, both included, in order; fewer when the
    /// chain is not that long yet.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    fn events_between(
        &self,
        from_height: u64,
        to_height: u64,
    ) -> impl Future<Output = Result<Vec<ChainEvent>, ChainError>> + Send;

    /// Time of the block at `height` in Unix seconds, as its contracts saw it.
    ///
    /// # Errors
    /// [`ChainError::Option`] or [`ChainError::Node`] when there is no such block (any more).
    fn time_of(&self, height: u64) -> impl Future<Output = Result<u64, ChainError>> + Send;

    /// Height of the block that the next transaction lands in, or of the latest one known.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    fn height(&self) -> impl Future<Output = Result<u64, ChainError>> + Send;

    /// Waits until the chain is beyond `height`; the height then. Actors that have nothing to do
    /// wait here instead of asking again and again.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    fn beyond(&self, height: u64) -> impl Future<Output = Result<u64, ChainError>> + Send;

    /// Time of that block in Unix seconds.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    fn time(&self) -> impl Future<Output = Result<u64, ChainError>> + Send;

    /// Lets each of `grantees` spend the fees of `gas` units from the account of `granter`, on calls of
    /// contracts only; tells how many could spend nothing of it before. Whoever may already gets no
    /// more. On a chain without fees there is nothing to do.
    ///
    /// # Errors
    /// As [`Chain::execute_many`]; part of the grants may have taken effect, and the same call
    /// continues after them.
    fn allow_gas(
        &self,
        granter: &Signer,
        grantees: &[String],
        gas: u64,
    ) -> impl Future<Output = Result<usize, ChainError>> + Send {
        let _ = (granter, grantees, gas);
        async { Ok(0) }
    }

    /// The coins of `denom` that transaction `hash` (upper-case hex) sent from one account to
    /// another by plain bank transfer; `None` when no block has such a transaction, or it failed.
    ///
    /// # Errors
    /// [`ChainError::Option`] when `hash` is none.
    fn transfer(
        &self,
        hash: &str,
        route: Route<'_>,
    ) -> impl Future<Output = Result<Option<Transfer>, ChainError>> + Send;

    /// Runs one call without coins.
    ///
    /// # Errors
    /// As [`Chain::execute_many`], or [`ChainError::Encode`].
    fn execute<M: Serialize + Sync>(
        &self,
        signer: &Signer,
        contract: &ContractAddr,
        msg: &M,
    ) -> impl Future<Output = Result<TxResponse, ChainError>> + Send {
        async move {
            let call = Call::new(contract, msg)?;
            self.execute_many(signer, vec![call]).await
        }
    }

    /// Asks `contract`.
    ///
    /// # Errors
    /// As [`Chain::query_json`], or [`ChainError::Decode`].
    fn query<R: DeserializeOwned, M: Serialize + Sync>(
        &self,
        contract: &ContractAddr,
        msg: &M,
    ) -> impl Future<Output = Result<R, ChainError>> + Send {
        async move {
            let call = Call::new(contract, msg)?;
            let answer = self.query_json(contract, call.msg).await?;
            serde_json::from_slice(&answer).map_err(|error| ChainError::Decode {
                contract: contract.clone(),
                reason: error.to_string(),
            })
        }
    }
}
