//! A market: what is offered, the day as it goes by on the embedded chain, what came of it.

pub mod fleet;
pub mod input;
mod neighbours;
mod order;
pub mod outcome;
pub mod problem;
pub mod report;
pub mod rolling;
pub mod summary;
mod wait;
mod world;
