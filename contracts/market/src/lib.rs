//! The `market` contract: offers in, verified solutions, the best candidate, rolling finalization.
//!
//! A contract is storage and authority around a rule: [`gridweave_rules::market`] says what is
//! feasible, what it is worth and how far from the best it can be, the same here as in solvers and
//! auditors. Permits, claims and the traders' money are in `assets`; here are only the solvers' bonds
//! and rewards.

#![deny(clippy::float_arithmetic)]

mod authority;
mod book;
mod clock;
pub mod contract;
mod error;
mod feeder;
mod finalize;
mod instantiate;
mod migrate;
mod offer;
mod query;
mod reward;
mod solution;
mod solver;
mod state;

pub use error::ContractError;
pub use migrate::{CONTRACT_NAME, CONTRACT_VERSION};
