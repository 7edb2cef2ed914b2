//! What the contracts cost on a real node: gas, bytes and time of every message.
//!
//! Each measurement deploys contracts of its own, with agents whose keys are derived from the
//! operator's, so that gas is the same from run to run.

mod agents;
mod billing;
mod compare;
mod consensus;
mod exchange;
mod flat;
mod meta;
mod register;
mod report;
mod session;
mod stage;
mod suite;
mod table;

pub use compare::Comparison;
pub use report::Report;
pub use suite::{Scope, measure};
pub use table::table;
