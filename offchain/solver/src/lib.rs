//! Solvers of the market's trading problem T(16). Nobody trusts them: whatever they find is whole
//! numbers that the same [`gridweave_rules::market`] code checks here as in the contract.
//!
//! [`solve_exact`] solves the compact linear program, rounds down, and fills what rounding left
//! open; [`solve_greedy`] only fills. Both end with a checked [`Solution`].

mod check;
mod fill;
mod ledger;
mod polish;
mod repair;
mod solution;
mod strategy;
#[cfg(test)]
mod tests;

pub use check::check;
pub use solution::{Solution, SolveError};
pub use strategy::{solve_exact, solve_exact_within, solve_greedy};
