//! Test kit: the contracts on a simulated chain, helpers per message, and strict assertions.
//!
//! Everything here panics on failure, since its callers are tests.

mod assertions;
pub mod assets;
pub mod averaging;
pub mod billing;
pub mod choosy;
pub mod coordinator;
pub mod counting;
pub mod crowdsourcing;
pub mod fixtures;
pub mod flexible;
pub mod floats;
mod grid;
pub mod market;
mod parameters;
pub mod pool;
mod suite;

pub use assertions::{assert_event, assert_refused};
pub use suite::{DENOM, Suite};
