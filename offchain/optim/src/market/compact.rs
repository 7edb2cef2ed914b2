//! A column per offer and interval.

use std::time::{Duration, Instant};

use gridweave_rules::market::{Certificate, OfferId};
use gridweave_units::Interval;

use super::Book;
use super::cuts::{Cuts, violated};
use super::duals;
use super::form::{Basis, Form};
use crate::error::{OptimError, Problem};
use crate::solver::Solver;

/// Relative gap and infeasibility; certificates should be good to a millionth.
const TOLERANCE: f64 = 1e-9;

/// The compact program of a book, ready to be solved.
///
/// It is solved without the rows of T(1) that are unlikely to bind; where the optimum violates one, it
/// is solved again with all of them. Most books need one solve.
pub struct CompactProblem<'a> {
    ids: Vec<OfferId>,
    basis: Basis<'a>,
}

/// What an offer trades in one interval, not yet whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The interval.
    pub interval: Interval,
    /// The offer.
    pub offer: OfferId,
    /// Energy (Wh).
    pub energy: f64,
}

/// Optimum of the compact program.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// What each offer trades, by interval, then down the price ladder.
    pub shares: Vec<Share>,
    /// The optimum, in units of the objective.
    pub objective: f64,
    /// Duals that bound it.
    pub certificate: Certificate,
    /// Iterations of the solver.
    pub iterations: u32,
    /// Programs that were solved, see [`CompactProblem`].
    pub solves: u32,
}

impl<'a> CompactProblem<'a> {
    /// The program of `book`.
    pub fn new(book: &'a Book) -> Self {
        Self {
            ids: book.offers.keys().copied().collect(),
            basis: Basis::new(book),
        }
    }

    /// Columns of offers, without those of the chain.
    pub fn columns(&self) -> usize {
        let ladders = self.basis.ladders.iter();
        ladders.map(|ladder| ladder.places.len()).sum()
    }

    /// Solves from scratch.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`] and [`OptimError::Refused`].
    pub fn solve(&self) -> Result<Relaxed, OptimError> {
        self.solve_within(Duration::MAX)
    }

    /// Solves from scratch, in about `limit` at most.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`], also when time is up, and [`OptimError::Refused`].
    pub fn solve_within(&self, limit: Duration) -> Result<Relaxed, OptimError> {
        let basis = &self.basis;
        let mut cuts = Cuts::likely(basis.book, &basis.offers, &basis.ladders);
        if self.columns() == 0 {
            return Ok(self.relaxed(&basis.form(&cuts), &[], &[]));
        }
        let start = Instant::now();
        let (mut iterations, mut solves) = (0, 0);
        loop {
            let form = basis.form(&cuts);
            let left = limit.saturating_sub(start.elapsed());
            let mut solver = solver(&form, left)?;
            let solution = solver.solve()?;
            iterations += solution.iterations;
            solves += 1;
            let energy = |slot: usize, place: usize| solution.x[form.slots[slot].first + place];
            if cuts.is_complete() || !violated(&basis.offers, &basis.ladders, energy) {
                return Ok(Relaxed {
                    iterations,
                    solves,
                    ..self.relaxed(&form, &solution.x, &solution.z)
                });
            }
            cuts.keep_all();
        }
    }

    /// The optimum (in units of the objective) according to HiGHS, of the whole program.
    ///
    /// # Errors
    /// [`OptimError::Refused`] for any other end than an optimum.
    #[cfg(feature = "highs")]
    pub fn highs_optimum(&self) -> Result<f64, OptimError> {
        let basis = &self.basis;
        let mut cuts = Cuts::likely(basis.book, &basis.offers, &basis.ladders);
        cuts.keep_all();
        let least = crate::highs::minimum(Problem::Market, &basis.form(&cuts).program)?;
        Ok(-least * basis.unit * basis.weight)
    }

    /// What the solver's vectors say.
    fn relaxed(&self, form: &Form, x: &[f64], z: &[f64]) -> Relaxed {
        let Basis {
            book, unit, weight, ..
        } = self.basis;
        let equalities = form.program.equalities();
        Relaxed {
            shares: self.shares(form, x),
            objective: -form.program.objective(x) * unit * weight,
            certificate: duals::certificate(book, weight, &form.slots, z, equalities),
            iterations: 0,
            solves: 0,
        }
    }

    fn shares(&self, form: &Form, x: &[f64]) -> Vec<Share> {
        let mut shares = Vec::with_capacity(self.columns());
        for slot in &form.slots {
            for (place, energy) in slot.ladder.places.iter().zip(&x[slot.first..]) {
                shares.push(Share {
                    interval: slot.ladder.interval,
                    offer: self.ids[place.offer],
                    energy: (energy * self.basis.unit).max(0.0),
                });
            }
        }
        shares
    }
}

fn solver(form: &Form, limit: Duration) -> Result<Solver, OptimError> {
    let program = &form.program;
    let (quadratic, linear) = (program.quadratic(), program.linear());
    let mut solver = Solver::new(Problem::Market, program, quadratic, linear, TOLERANCE)?;
    solver.limit_time(limit.as_secs_f64())?;
    Ok(solver)
}
