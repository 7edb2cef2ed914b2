//! Homes that trade with each other: what is run, the sessions on the embedded chain, what came of
//! them.

pub mod describe;
pub mod figures;
pub mod input;
mod ledger;
pub mod network;
pub mod outcome;
mod pairwise;
mod placed;
mod pool;
mod privacy;
pub mod problem;
mod reference;
pub mod report;
mod rolling;
pub mod run;
pub mod summary;
mod trades;
