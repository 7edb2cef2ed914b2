//! The `coordinator` contract: ADMM sessions, iterates in, consensus plan and prices out.
//!
//! A contract is storage and authority around a rule: every number here is computed by
//! `gridweave_rules`.

#![deny(clippy::float_arithmetic)]

mod abort;
mod advance;
mod bond;
mod clear;
mod consensus;
pub mod contract;
mod error;
mod events;
mod exchange;
mod migrate;
mod packed;
mod pool;
mod progress;
mod query;
mod round;
mod setup;
mod state;
mod submit;

pub use error::ContractError;
