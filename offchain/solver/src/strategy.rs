//! Ways to find a solution.

use std::time::Duration;

use gridweave_optim::market::{Book, CompactProblem};
use gridweave_rules::market::{Objective, Side};

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
    solve_exact_within(book, Duration::MAX)
}

/// The same where the linear program may take about `limit` at most.
///
/// # Errors
/// [`SolveError`]; [`SolveError::Program`] when time is up.
pub fn solve_exact_within(book: &Book, limit: Duration) -> Result<Solution, SolveError> {
    let relaxed = CompactProblem::new(book).solve_within(limit)?;
    let target = (relaxed.objective - rounding(book)).ceil() as i128;
    let mut best: Option<Solution> = None;
    for threshold in THRESHOLDS {
        let mut ledger = Ledger::new(book);
        round(&mut ledger, &relaxed.shares, threshold);
        fill(&mut ledger);
        polish(&mut ledger, target);
        let solution = Solution::new(book, ledger.into_trades(), None)?;
        if best
            .as_ref()
            .is_none_or(|best| solution.objective > best.objective)
        {
            best = Some(solution);
        }
        if best.as_ref().is_some_and(|best| best.objective >= target) {
            break;
        }
    }
    Ok(Solution {
        certificate: Some(relaxed.certificate),
        ..best.unwrap_or_default()
    })
}

/// How close to the optimum is as good as it, in units of the objective: half a Wh where every Wh
/// counts the same or nearly so, less where prices differ.
fn rounding(book: &Book) -> f64 {
    let share = match book.objective {
        Objective::Energy | Objective::ExpiringFirst => 0.5,
        Objective::Welfare => 0.05,
    };
    let weights = |side| {
        let offers = book.offers.values().filter(move |offer| offer.side == side);
        offers.map(|offer| book.objective.weight(offer, book.next))
    };
    let best = (weights(Side::Sell).max(), weights(Side::Buy).max());
    match best {
        (Some(sell), Some(buy)) => share * (sell + buy).max(1) as f64,
        _ => share,
    }
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
