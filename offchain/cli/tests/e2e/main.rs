//! The command against a real node: one validator on this machine that all tests here share.
//!
//! Where a tool for the node or for the contracts is missing, one line says so and the tests are
//! skipped. The contracts are those in `artifacts/`; `scripts/build-wasm` makes them from the
//! present code.

#[path = "../common/mod.rs"]
mod common;

mod bills;
mod counter;
mod crowd;
mod day;
mod deploy;
mod input;
mod market;
mod prosumers;
mod upgrade;
