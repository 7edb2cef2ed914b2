//! Ways to find a solution.

use gridweave_optim::market::{Book, CompactProblem};

use crate::fill::fill;
use crate::ledger::Ledger;
use crate::polish::polish;
use crate::repair::round;
use crate::solution::{Solution, SolveError};

/// Ways to round; the best one counts.
const THRESHOLDS: [f64; 4] = [0.01, 0.25, 0.5, 0.75];

/// The optimum of the compact program in whole Wh: rounded in several ways, what that leaves open filled,
/// and the last Wh used by exchanges.
///
/// # Errors
/// [`SolveError`].
pub fn solve_exact(book: &Book) -> Result<Solution, SolveError> {
    let relaxed = CompactProblem::new(book).solve()?;
    let mut best: Option<Solution> = None;
    for threshold in THRESHOLDS {
        let mut ledger = Ledger::new(book);
        round(&mut ledger, &relaxed.shares, threshold);
        fill(&mut ledger);
        polish(&mut ledger);
        let solution = Solution::new(book, ledger.into_trades(), None)?;
        if best
            .as_ref()
            .is_none_or(|best| solution.objective > best.objective)
        {
            best = Some(solution);
        }
    }
    Ok(Solution {
        certificate: Some(relaxed.certificate),
        ..best.unwrap_or_default()
    })
}

/// Pairs as they come. Fast and without a certificate.
///
/// # Errors
/// [`SolveError`].
pub fn solve_greedy(book: &Book) -> Result<Solution, SolveError> {
    let mut ledger = Ledger::new(book);
    fill(&mut ledger);
    Solution::new(book, ledger.into_trades(), None)
}
