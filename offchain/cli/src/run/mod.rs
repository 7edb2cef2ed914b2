//! A whole day on the embedded chain: set up, rounds, verdict.

mod devices;
pub mod judge;
pub mod outcome;
mod prices;
pub mod problem;
mod progress;
pub mod rounds;
mod session;
mod world;
