//! The `crowdsourcing` contract: enrolment, preferences, agreements, tasks, supplements and their
//! reconciliation.
//!
//! A contract is storage and authority around a rule: [`gridweave_rules::crowdsourcing`] says what an
//! incentive costs, what was delivered and how willing a crowdsourcee is. Energy is promised to, and
//! its price paid by, `billing`; incentives come out of budgets that are held here, and go to the
//! crowdsourcee's account in `billing`.

#![deny(clippy::float_arithmetic)]

mod agreement;
mod authority;
mod billing;
mod clock;
pub mod contract;
mod enrolment;
mod error;
mod events;
mod instantiate;
mod migrate;
mod preferences;
mod programme;
mod query;
mod reconcile;
mod state;
mod supplement;
mod sweep;
mod task;
mod withdraw;
mod work;

pub use error::ContractError;
pub use migrate::{CONTRACT_NAME, CONTRACT_VERSION};
