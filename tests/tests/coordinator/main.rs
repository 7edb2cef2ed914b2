//! The `coordinator` contract.

mod bonds;
mod consensus;
mod exchange;
mod faults;
mod pairwise;
mod parameters;
mod setup;
mod solver;
mod storage;
