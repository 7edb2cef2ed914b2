//! What can go wrong between an actor and a chain.

use crate::tx::ContractAddr;

/// A chain call that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A contract (or the chain) refused a transaction; nothing of it took effect.
    #[error("transaction of '{sender}' refused: {reason}")]
    Refused {
        /// Name of the signer.
        sender: String,
        /// The contract's own message.
        reason: String,
    },
    /// A contract refused a query.
    #[error("query of {contract} refused: {reason}")]
    Query {
        /// Contract address.
        contract: ContractAddr,
        /// The contract's own message.
        reason: String,
    },
    /// A message could not be written as JSON.
    #[error("message for {contract} cannot be encoded: {reason}")]
    Encode {
        /// Contract address.
        contract: ContractAddr,
        /// Why.
        reason: String,
    },
    /// An answer was not the expected JSON.
    #[error("answer of {contract} cannot be read: {reason}")]
    Decode {
        /// Contract address.
        contract: ContractAddr,
        /// Why.
        reason: String,
    },
    /// An address or signer name that the chain does not accept.
    #[error("'{value}' is not a valid address: {reason}")]
    Address {
        /// The rejected text.
        value: String,
        /// Why.
        reason: String,
    },
    /// A transaction event that must be there is missing.
    #[error("transaction at height {height} has no attribute '{key}'")]
    MissingAttribute {
        /// Block height of the transaction.
        height: u64,
        /// Attribute looked for.
        key: String,
    },
    /// The backend has stopped and answers no more.
    #[error("the chain has stopped")]
    Stopped,
}
