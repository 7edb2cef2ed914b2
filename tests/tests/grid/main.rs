//! The `grid` contract.

mod accounts;
mod accounts_model;
mod branches;
mod feeders;
mod migrate;
mod operator;
mod queries;
