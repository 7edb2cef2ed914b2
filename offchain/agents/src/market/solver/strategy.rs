//! Ways of a solver that means well.

use std::time::Duration;

use gridweave_optim::market::{Book, CompactProblem};
use gridweave_rules::market::Trade;
use gridweave_solver::{Solution, SolveError, solve_exact_within, solve_greedy};

/// Columns from which a program takes long enough to hand in a quick solution first.
const LARGE: usize = 4_000;
/// Longest that a linear program may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// How solutions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// The optimum of the linear program in whole Wh, with a certificate; greedy where the program
    /// is not solved in time, and before it where it is large.
    Exact,
    /// Pairs as they come.
    Greedy,
    /// As [`Strategy::Exact`], but hands in so many seconds of chain time after it has found
    /// something, whatever has changed by then.
    Slow {
        /// The delay.
        seconds: u64,
    },
}

/// What a solver spends on a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Longest that a linear program may take.
    pub time_limit: Duration,
    /// Columns from which a greedy solution is handed in first.
    pub large: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            time_limit: TIME_LIMIT,
            large: LARGE,
        }
    }
}

impl Effort {
    /// Whether `book` is worth a quick solution first.
    pub(super) fn is_large(&self, book: &Book) -> bool {
        CompactProblem::new(book).columns() >= self.large
    }

    /// The best that is found in time.
    ///
    /// # Errors
    /// [`SolveError`] when the solver's own check fails.
    pub(super) fn best(&self, book: &Book) -> Result<Solution, SolveError> {
        solve_exact_within(book, self.time_limit).or_else(|error| {
            tracing::warn!(%error, "no optimum; pairs are taken as they come");
            solve_greedy(book)
        })
    }
}

/// What is left of `solution` in `book`, which may be of a later round: trades of intervals that are
/// final are gone, the rest must still be feasible. Without certificate, which was of another book.
pub(super) fn carry(solution: Solution, book: &Book) -> Option<Solution> {
    let still = |trade: &Trade| trade.interval >= book.next;
    let trades = solution.trades.into_iter().filter(still).collect();
    Solution::new(book, trades, None).ok()
}
