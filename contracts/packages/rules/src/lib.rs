//! Pure rules of coordination and settlement: no storage, no clock, no floating point.
//!
//! The same code runs in the contracts, in agents and solvers before they submit, and in auditors
//! that replay a chain. The numbers of coordination are [`gridweave_units::Fx`]; powers are per unit
//! of the network's base (1 MVA in the shipped scenarios), voltages squared per unit. [`settlement`]
//! and [`market`] count in integer watt-hours and micro-currency, and say themselves what they do at
//! the limits.
//!
//! # Input ranges
//! Every function is total: it terminates and cannot panic on any input of matching shapes, since
//! arithmetic saturates. Results are accurate (see the property tests for the bounds) while branch
//! impedances stay below 100 pu, the sum of all injections below 1,000 pu, cost coefficients below
//! 10⁵, and bus voltages above 0.5 pu.

#![deny(clippy::float_arithmetic)]

pub mod checks;
pub mod consensus;
pub mod crowdsourcing;
pub mod distflow;
pub mod exchange;
pub mod market;
pub mod pool;
pub mod rho;
pub mod settlement;
mod vector;

pub use vector::{add_scaled, difference, distance_squared};
