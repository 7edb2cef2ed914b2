//! The `billing` contract.

mod commitments;
mod disputes;
mod docs;
mod money;
mod pairs;
mod pool;
mod readings;
mod session;
mod settlement;
mod setup;
mod statements;
mod storage;
