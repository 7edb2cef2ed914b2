//! A column per offer and interval.

use std::collections::BTreeMap;
use std::time::Duration;

use gridweave_rules::market::{Certificate, Offer, OfferId, Side};
use gridweave_units::Interval;

use super::Book;
use super::duals;
use super::levels::{Ladder, ladders};
use super::rows::{FeederSlot, Limit, energy_rows, heaviest, unit};
use crate::error::{OptimError, Problem};
use crate::program::{Program, Term};
use crate::solver::Solver;

/// Relative gap and infeasibility; certificates should be good to a millionth.
const TOLERANCE: f64 = 1e-9;

/// The compact program of a book, ready to be solved.
pub struct CompactProblem<'a> {
    book: &'a Book,
    offers: Vec<(OfferId, &'a Offer)>,
    program: Program,
    slots: Vec<Slot>,
    unit: f64,
    weight: f64,
}

/// One interval of the program.
pub(super) struct Slot {
    /// Its ladder.
    pub ladder: Ladder,
    /// Column of the first place; the others follow.
    pub first: usize,
    /// Equality row of the first level; the others follow.
    pub chain: usize,
    /// Inequality rows of feeder limits.
    pub limits: Vec<(u32, Limit, usize)>,
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
}

impl<'a> CompactProblem<'a> {
    /// Builds the program of `book`.
    pub fn new(book: &'a Book) -> Self {
        let mut problem = Self {
            book,
            offers: book.offers.iter().map(|(&id, offer)| (id, offer)).collect(),
            program: Program::default(),
            slots: Vec::new(),
            unit: unit(book),
            weight: heaviest(book),
        };
        let mut columns: BTreeMap<usize, Vec<Term>> = BTreeMap::new();
        for ladder in ladders(book) {
            let slot = problem.slot(ladder);
            for (at, place) in slot.ladder.places.iter().enumerate() {
                let of_offer = columns.entry(place.offer).or_default();
                of_offer.push((slot.first + at, 1.0));
            }
            problem.slots.push(slot);
        }
        energy_rows(&mut problem.program, book, columns, problem.unit);
        problem
    }

    /// Columns of offers, without those of the chain.
    pub fn columns(&self) -> usize {
        self.slots.iter().map(|slot| slot.ladder.places.len()).sum()
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
        if self.columns() == 0 {
            return Ok(Relaxed {
                shares: Vec::new(),
                objective: 0.0,
                certificate: duals::certificate(self.book, self.weight, &self.slots, &[], 0),
                iterations: 0,
            });
        }
        let (quadratic, linear) = (self.program.quadratic(), self.program.linear());
        let mut solver = Solver::new(Problem::Market, &self.program, quadratic, linear, TOLERANCE)?;
        solver.limit_time(limit.as_secs_f64())?;
        let solution = solver.solve()?;
        let equalities = self.program.equalities();
        let certificate =
            duals::certificate(self.book, self.weight, &self.slots, &solution.z, equalities);
        Ok(Relaxed {
            shares: self.shares(&solution.x),
            objective: -self.program.objective(&solution.x) * self.unit * self.weight,
            certificate,
            iterations: solution.iterations,
        })
    }

    fn shares(&self, x: &[f64]) -> Vec<Share> {
        let of_slot = |slot: &Slot| {
            let places = slot.ladder.places.iter().zip(&x[slot.first..]);
            let interval = slot.ladder.interval;
            let share = |(place, energy): (&super::levels::Place, &f64)| Share {
                interval,
                offer: self.offers[place.offer].0,
                energy: (energy * self.unit).max(0.0),
            };
            places.map(share).collect::<Vec<_>>()
        };
        self.slots.iter().flat_map(of_slot).collect()
    }

    /// Columns, chain and feeder rows of one interval.
    fn slot(&mut self, ladder: Ladder) -> Slot {
        let program = &mut self.program;
        let first = program.variables(ladder.places.len()).start;
        let mut feeders: BTreeMap<u32, FeederSlot> = BTreeMap::new();
        for (at, place) in ladder.places.iter().enumerate() {
            let (column, offer) = (first + at, self.offers[place.offer].1);
            program.cost(column, 0.0, -self.book.weight(offer) / self.weight);
            program.at_most(vec![(column, -1.0)], 0.0);
            feeders.entry(offer.feeder).or_default().add(offer, column);
        }
        let chain = self.chain(&ladder, first);
        let mut limits = Vec::new();
        for (feeder, slot) in feeders {
            let Some(most) = self.book.feeders.get(&feeder) else {
                continue;
            };
            let rows = slot.limit(&mut self.program, most, self.unit);
            limits.extend(rows.into_iter().map(|(limit, row)| (feeder, limit, row)));
        }
        Slot {
            ladder,
            first,
            chain,
            limits,
        }
    }

    /// `h_k = h_{k−1} + y(level k) − x(level k) ≥ 0`, with none left at the bottom. The row's dual is
    /// the price potential of its level.
    fn chain(&mut self, ladder: &Ladder, first: usize) -> usize {
        let program = &mut self.program;
        let levels = ladder.floors.len();
        let left = program.variables(levels.saturating_sub(1));
        for column in left.clone() {
            program.at_most(vec![(column, -1.0)], 0.0);
        }
        let mut rows: Vec<Vec<Term>> = vec![Vec::new(); levels];
        for (at, place) in ladder.places.iter().enumerate() {
            let sells = self.offers[place.offer].1.side == Side::Sell;
            rows[place.level].push((first + at, if sells { 1.0 } else { -1.0 }));
        }
        for (level, column) in left.enumerate() {
            rows[level].push((column, 1.0));
            rows[level + 1].push((column, -1.0));
        }
        let before = program.equalities();
        for row in rows {
            program.equal(row, 0.0);
        }
        before
    }
}
