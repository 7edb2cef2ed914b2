//! The `assets` contract: permits to offer energy, claims to energy that was traded, and money, at
//! addresses that name nobody.
//!
//! It knows nothing about prices and offers: markets that the operator has registered lock assets,
//! settle trades from the locks, and release what is left. Whatever a market says, no energy and no
//! money is made or lost here.

#![deny(clippy::float_arithmetic)]

mod authority;
mod claims;
pub mod contract;
mod error;
mod events;
mod instantiate;
mod ledger;
mod market;
mod migrate;
mod money;
mod permits;
mod query;
mod state;
mod tally;
mod work;

pub use error::{ContractError, Shortfall, TradeFault};
pub use migrate::{CONTRACT_NAME, CONTRACT_VERSION};
