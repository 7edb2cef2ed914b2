//! The `market` contract.

mod chunks;
mod commitments;
mod docs;
mod finalize;
mod offers;
mod optimum;
mod published_faults;
mod queries;
mod solutions;
mod solvers;
mod storage;
