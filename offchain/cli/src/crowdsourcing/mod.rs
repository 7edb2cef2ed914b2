//! Crowdsourced days: C(1) scheduled, the operator's algorithm 1 against the `crowdsourcing`
//! contract, crowdsourcees who answer, and what it all came to.

pub mod books;
pub mod cast;
mod cranks;
pub mod date;
mod day;
mod days_figure;
pub mod figure;
pub mod figures;
mod meters;
mod month;
pub mod outcome;
pub mod predictions;
mod programme;
pub mod readings;
pub mod registration;
mod stage;
pub mod summary;
pub mod tables;
