//! A market: what is offered, the day as it goes by on the embedded chain, what came of it.

pub mod backlog;
pub mod fleet;
pub mod input;
pub mod neighbours;
mod order;
pub mod outcome;
pub mod plans;
pub mod problem;
pub mod register;
pub mod report;
mod residents;
pub mod rolling;
mod street;
pub mod summary;
pub mod wait;
mod world;
