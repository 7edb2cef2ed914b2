//! Crowdsourcing: what an incentive costs, what counts as delivered, and how willing a crowdsourcee
//! is to accept.
//!
//! Energies are Wh, prices µ/kWh, money µ. Every function is total: nothing here panics or wraps.

mod incentive;
mod willingness;

pub use incentive::{delivered, payment, reserve};
pub use willingness::{Evidence, LEVELS, UNIT, Willingness, level_edge, level_of};
