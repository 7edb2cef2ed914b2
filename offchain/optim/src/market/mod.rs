//! The market's linear program T(3)–T(9), T(16), in two forms of equal optimum.
//!
//! [`CompactProblem`] has a column per offer and interval, [`PairwiseProblem`], the paper's form, one
//! per pair and interval. The first is what a solver runs; its duals become a [`Certificate`]. The
//! second is the slow reference. The compact form and its dual are derived in
//! [`gridweave_rules::market::certificate`].

mod book;
mod compact;
mod cuts;
mod duals;
mod form;
mod levels;
mod pairwise;
mod rows;
#[cfg(test)]
mod tests;

pub use book::Book;
pub use compact::{CompactProblem, Relaxed, Share};
pub use pairwise::{PairShare, PairwiseProblem, RelaxedPairs, pairwise_columns};

#[cfg(doc)]
use gridweave_rules::market::Certificate;
