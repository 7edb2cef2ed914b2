//! The `billing` contract: schedules become commitments, meters report, and both become money.
//!
//! A contract is storage and authority around a rule: every amount here is computed by
//! [`gridweave_rules::settlement`], and every action announces enough for an auditor to compute it
//! again from events alone.

#![deny(clippy::float_arithmetic)]

mod account;
mod authority;
mod booking;
mod commit;
pub mod contract;
mod dispute;
mod error;
mod events;
mod instantiate;
mod migrate;
mod money;
mod period;
mod query;
mod readings;
mod resolve;
mod settle;
mod source;
mod state;
mod tariff;
mod work;

pub use error::{CommitmentFault, ContractError};
pub use migrate::{CONTRACT_NAME, CONTRACT_VERSION};
