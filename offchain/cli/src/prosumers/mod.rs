//! Homes that trade with each other: what is run, the sessions on the embedded chain, what came of
//! them. `live::prosumers` has the sessions on a real chain.

pub mod describe;
pub mod figures;
pub mod input;
mod ledger;
pub mod network;
pub mod outcome;
mod pairwise;
mod placed;
pub mod pool;
mod privacy;
pub mod problem;
pub mod reference;
pub mod report;
mod rolling;
pub mod run;
pub mod summary;
mod trades;
