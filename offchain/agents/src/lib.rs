//! Actors of a coordination session, written against the [`gridweave_chain::Chain`] trait only.
//!
//! Each actor is one file: [`operator`] sets the session up, [`prosumer`] and [`area`] hold the
//! local problems of the two coupling modes, [`participant`] carries a local problem to the chain,
//! [`keeper`] closes rounds whose deadline has passed and [`observer`] reads results. [`sessions`]
//! finds the session that an actor is wanted in. When the day is lived, [`meter`] reports it,
//! [`settler`] has it settled, [`purse`] pays in and [`ledger`] reads the bills.
//! [`faults`] wraps local problems for experiments. [`market`] holds the actors of a market,
//! [`prosumers`] those of homes that trade with each other, [`crowdsourcing`] those of a crowdsourced
//! day.

pub mod area;
pub mod crowdsourcing;
pub mod enrol;
mod error;
pub mod faults;
pub mod fixed;
pub mod gas;
pub mod keeper;
pub mod ledger;
mod local;
pub mod marginal;
pub mod market;
pub mod meter;
pub mod observer;
pub mod operator;
pub mod parameters;
pub mod participant;
pub mod prosumer;
pub mod prosumers;
pub mod purse;
pub mod sessions;
pub mod settler;
mod start;
pub mod terms;

pub use error::AgentError;
pub use local::{Answer, LocalProblem, PoolTask, Task};
