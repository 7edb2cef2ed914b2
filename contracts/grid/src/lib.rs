//! The `grid` contract: the register that the other contracts ask who may do what, and where.
//!
//! It keeps feeders, their buses and branches, accounts with their roles, and meter keys. The
//! operator alone writes; everybody may read. Networks are radial by construction, since a branch
//! is accepted only when its bus is new and its parent is known.

#![deny(clippy::float_arithmetic)]

pub mod account;
pub mod branch;
pub mod contract;
pub mod error;
pub mod feeder;
pub mod migrate;
pub mod operator;
pub mod query;
pub mod state;

pub use error::ContractError;
