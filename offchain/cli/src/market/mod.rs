//! A market on the embedded chain: what is offered, the day as it goes by, what came of it.

pub mod input;
mod neighbours;
pub mod outcome;
pub mod problem;
pub mod report;
pub mod rolling;
pub mod summary;
mod world;
