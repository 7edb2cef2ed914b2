//! Bills, statements and audits, from a chain or from the log of a run.

mod history;
mod money;
mod tables;
pub mod verdict;

pub use history::{History, reach};
pub use tables::{audit, bill, statements};
