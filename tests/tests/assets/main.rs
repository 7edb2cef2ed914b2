//! The `assets` contract.

mod claims;
mod docs;
mod limits;
mod market;
mod money;
mod permits;
mod queries;
mod setup;
mod storage;
