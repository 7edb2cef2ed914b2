//! Actors of a market and what they share: [`solver`] finds trades, [`keeper`] finalizes, [`hostile`] is a
//! test adversary. [`plan`] is an offer to be posted, [`permits`] what it takes, [`feeders`] sets limits and
//! [`accounts`] registers homes. [`feed`] reads the chain's events, [`book`] follows offers by them,
//! [`ledger`] reads the contract, [`terms`] says what a market is like, [`calendar`] when what happens.

pub mod accounts;
pub mod book;
pub mod calendar;
pub mod feed;
pub mod feeders;
pub mod hostile;
pub mod keeper;
pub mod ledger;
mod notes;
pub mod permits;
pub mod plan;
pub mod solver;
pub mod terms;
