//! One [`Chain`] trait for everything that acts on a ledger, and the backends behind it.
//!
//! Actors use the trait only. [`embedded`] runs the contract crates in process on a simulated
//! clock; its runs are byte-identical for the same sequence of calls. [`wasmd`] speaks to a node of
//! a real chain over its RPC port, signs with the keys of [`keys`], and submits each transaction at
//! most once, whatever happens to the process or to the node.

mod contracts;
pub mod embedded;
mod error;
mod events;
pub mod hex;
pub mod keys;
mod reason;
mod traits;
mod tx;
pub mod wasmd;

pub use contracts::{ContractKind, Contracts, Deployed, MarketContracts, Terms};
pub use error::ChainError;
pub use keys::{KeyError, KeySource, Keyring, PublicKey, SecretKey};
pub use traits::Chain;
pub use tx::{Call, ChainEvent, Coin, ContractAddr, Receipt, Route, Signer, Transfer, TxResponse};
