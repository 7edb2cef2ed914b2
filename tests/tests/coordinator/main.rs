//! The `coordinator` contract.

mod bonds;
mod consensus;
mod exchange;
mod faults;
mod parameters;
mod setup;
mod solver;
mod storage;
