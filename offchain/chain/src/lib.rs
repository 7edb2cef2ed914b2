//! One [`Chain`] trait for everything that acts on a ledger, and the backends behind it.
//!
//! Actors use the trait only. [`embedded`] runs the contract crates in process on a simulated
//! clock; its runs are byte-identical for the same sequence of calls.

pub mod embedded;
mod error;
mod traits;
mod tx;

pub use error::ChainError;
pub use traits::Chain;
pub use tx::{Call, ChainEvent, Coin, ContractAddr, Contracts, Receipt, Signer, TxResponse};
