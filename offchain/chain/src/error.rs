//! What can go wrong between an actor and a chain.

use std::path::PathBuf;

use crate::keys::KeyError;
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
    /// A contract that has no address yet.
    #[error("contract '{contract}' is not deployed")]
    NotDeployed {
        /// Name of the contract.
        contract: &'static str,
    },
    /// The backend has stopped and answers no more.
    #[error("the chain has stopped")]
    Stopped,
    /// An option of the connection that makes no sense.
    #[error("{option} '{value}' is not usable: expected {expected}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// The rejected value.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// A node of another chain.
    #[error("node {url} is of chain '{found}', not of '{expected}'")]
    WrongChain {
        /// The node.
        url: String,
        /// The chain that was expected.
        expected: String,
        /// The node's chain.
        found: String,
    },
    /// A node that does not answer.
    #[error("node {url} cannot be reached to {attempt}: {reason}")]
    Unreachable {
        /// The node.
        url: String,
        /// What was tried.
        attempt: String,
        /// What the connection says.
        reason: String,
    },
    /// A node that answered with an error, or with something else than was asked for.
    #[error("node {url} did not {attempt}: {reason}")]
    Node {
        /// The node.
        url: String,
        /// What was tried.
        attempt: String,
        /// The node's words.
        reason: String,
    },
    /// An account that the chain has never seen.
    #[error(
        "account {address} does not exist on chain '{chain_id}': send it coins or grant it fees"
    )]
    NoAccount {
        /// Its address.
        address: String,
        /// The chain.
        chain_id: String,
    },
    /// A transaction that could not be included in time. It never will be.
    #[error("transaction {hash} was not included up to height {height}, its last")]
    TimedOut {
        /// Hash, upper-case hex.
        hash: String,
        /// The last height that could have included it.
        height: u64,
    },
    /// A transaction that may or may not be included: the node went silent. The next use of its key
    /// finds out first.
    #[error("transaction {hash} may have been included, or may be up to height {height}: {reason}")]
    Unconfirmed {
        /// Hash, upper-case hex.
        hash: String,
        /// The last height that can include it.
        height: u64,
        /// Why it is not known.
        reason: String,
    },
    /// A transaction that needed more gas than it paid for, twice; nothing of it took effect.
    #[error("transaction of '{sender}' ran out of gas: {used} used, {wanted} paid for")]
    OutOfGas {
        /// Name of the signer.
        sender: String,
        /// Gas that was paid for.
        wanted: u64,
        /// Gas used when it stopped.
        used: u64,
    },
    /// A key that cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A journal of a key that cannot be kept. Nothing is submitted without one.
    #[error("journal {} cannot be used: {reason}", path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong and, where it is known, what helps.
        reason: String,
    },
}
