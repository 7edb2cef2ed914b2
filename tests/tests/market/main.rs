//! The `market` contract.

mod audit;
mod certificate;
mod chunks;
mod commitments;
mod docs;
mod finalize;
mod offers;
mod published_faults;
mod queries;
mod solutions;
mod solvers;
mod storage;
