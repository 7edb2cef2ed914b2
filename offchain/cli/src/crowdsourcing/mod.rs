//! A crowdsourced day: C(1) scheduled, the operator's algorithm 1 against the `crowdsourcing`
//! contract, crowdsourcees who answer, and what it all came to.

pub mod cast;
mod day;
pub mod figure;
mod meters;
pub mod outcome;
pub mod registration;
mod stage;
pub mod summary;
pub mod tables;
