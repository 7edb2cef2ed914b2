//! What a solver hands in.

use gridweave_optim::OptimError;
use gridweave_optim::market::Book;
use gridweave_rules::market::certificate::{Lift, LiftError, ratio};
use gridweave_rules::market::{Certificate, Trade, Violation};

use crate::check::check;

/// A feasible solution.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Solution {
    /// Trades in the order of the rules.
    pub trades: Vec<Trade>,
    /// What they are worth, in units of the book's objective.
    pub objective: i128,
    /// Duals that bound the optimum, where the strategy has them.
    pub certificate: Option<Certificate>,
}

/// Why there is no solution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SolveError {
    /// The linear program was not solved.
    #[error(transparent)]
    Program(#[from] OptimError),
    /// The solver's own check failed: a defect of the solver.
    #[error("own solution: {0}")]
    Violation(#[from] Violation),
    /// The certificate's sum leaves its range.
    #[error("certificate: {0}")]
    Certificate(#[from] LiftError),
}

impl Solution {
    /// Checks `trades` and takes them.
    ///
    /// # Errors
    /// [`SolveError::Violation`].
    pub fn new(
        book: &Book,
        trades: Vec<Trade>,
        certificate: Option<Certificate>,
    ) -> Result<Self, SolveError> {
        Ok(Self {
            objective: check(book, &trades)?,
            trades,
            certificate,
        })
    }

    /// Traded energy (Wh).
    pub fn energy(&self) -> u128 {
        let energies = self.trades.iter().map(|trade| u128::from(trade.energy));
        energies.sum()
    }

    /// What no solution of `book` can exceed, in units of the objective; `None` without a
    /// certificate.
    ///
    /// # Errors
    /// [`SolveError::Certificate`].
    pub fn bound(&self, book: &Book) -> Result<Option<u128>, SolveError> {
        let Some(certificate) = &self.certificate else {
            return Ok(None);
        };
        let limits = |feeder| book.feeders.get(&feeder).copied();
        let mut lift = Lift::new(certificate, book.objective, book.next, limits)?;
        for offer in book.offers.values() {
            lift.add(offer)?;
        }
        Ok(Some(lift.bound()))
    }

    /// `objective / bound` (ppm, rounded down), as the contract computes it; `None` without a
    /// certificate.
    ///
    /// # Errors
    /// [`SolveError::Certificate`].
    pub fn certified_ppm(&self, book: &Book) -> Result<Option<u32>, SolveError> {
        let bound = self.bound(book)?;
        Ok(bound.map(|bound| ratio(self.objective, bound)))
    }
}
