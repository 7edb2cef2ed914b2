//! Actors of a coordination session, written against the [`gridweave_chain::Chain`] trait only.
//!
//! Each actor is one file: [`operator`] sets the session up, [`prosumer`] and [`area`] hold the
//! local problems of the two coupling modes, [`participant`] carries a local problem to the chain,
//! [`keeper`] closes rounds whose deadline has passed and [`observer`] reads results. [`sessions`]
//! finds the session that an actor is wanted in.
//! [`faults`] wraps local problems for experiments.

pub mod area;
pub mod enrol;
mod error;
pub mod faults;
pub mod fixed;
pub mod gas;
pub mod keeper;
mod local;
pub mod marginal;
pub mod observer;
pub mod operator;
pub mod parameters;
pub mod participant;
pub mod prosumer;
pub mod sessions;
mod start;
pub mod terms;

pub use error::AgentError;
pub use local::{Answer, LocalProblem, Task};
