//! A column per pair and interval, T(16) as it stands in the paper.

use std::collections::BTreeMap;

use gridweave_rules::market::{Offer, OfferId, Side};
use gridweave_units::Interval;

use super::Book;
use super::rows::{FeederSlot, energy_rows, heaviest, unit};
use crate::error::{OptimError, Problem};
use crate::program::{Program, Term};
use crate::solver::Solver;

const TOLERANCE: f64 = 1e-9;

/// The pairwise program of a book. It has `|S|·|B|·|T|` columns when everybody can trade with
/// everybody; for comparison only.
pub struct PairwiseProblem<'a> {
    book: &'a Book,
    program: Program,
    pairs: Vec<(Interval, OfferId, OfferId)>,
    unit: f64,
    weight: f64,
}

/// What a pair trades in one interval, not yet whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairShare {
    /// The interval.
    pub interval: Interval,
    /// The selling offer.
    pub seller: OfferId,
    /// The buying offer.
    pub buyer: OfferId,
    /// Energy (Wh).
    pub energy: f64,
}

/// Optimum of the pairwise program.
#[derive(Debug, Clone, PartialEq)]
pub struct RelaxedPairs {
    /// What pairs trade.
    pub shares: Vec<PairShare>,
    /// The optimum, in units of the objective.
    pub objective: f64,
}

/// Columns that [`PairwiseProblem::new`] would make of `book`, without making them.
pub fn pairwise_columns(book: &Book) -> u64 {
    let offers = |side| {
        let offers = book.offers.values().filter(move |offer| offer.side == side);
        offers.filter(|offer| offer.left > 0 && book.feeders.contains_key(&offer.feeder))
    };
    let buyers: Vec<&Offer> = offers(Side::Buy).collect();
    let shared = |seller: &Offer, buyer: &Offer| {
        let open = book.open(seller);
        open.filter(|&interval| buyer.intervals.contains(interval))
            .count() as u64
    };
    let of = |seller: &Offer| -> u64 {
        let buyers = buyers.iter().filter(|buyer| seller.price <= buyer.price);
        buyers.map(|buyer| shared(seller, buyer)).sum()
    };
    offers(Side::Sell).map(of).sum()
}

type Numbered<'a> = (usize, OfferId, &'a Offer);

impl<'a> PairwiseProblem<'a> {
    /// Builds the program of `book`.
    pub fn new(book: &'a Book) -> Self {
        let mut problem = Self {
            book,
            program: Program::default(),
            pairs: Vec::new(),
            unit: unit(book),
            weight: heaviest(book),
        };
        let numbered = book.offers.iter().enumerate();
        let tradable = numbered
            .map(|(at, (&id, offer))| (at, id, offer))
            .filter(|(.., offer)| offer.left > 0 && book.feeders.contains_key(&offer.feeder));
        let (sellers, buyers): (Vec<Numbered<'_>>, Vec<Numbered<'_>>) =
            tradable.partition(|(.., offer)| offer.side == Side::Sell);
        let mut slots: BTreeMap<(Interval, u32), FeederSlot> = BTreeMap::new();
        let mut columns: BTreeMap<usize, Vec<Term>> = BTreeMap::new();
        for seller in &sellers {
            let matchable = buyers
                .iter()
                .filter(|buyer| seller.2.price <= buyer.2.price);
            for buyer in matchable {
                for interval in book.open(seller.2) {
                    if buyer.2.intervals.contains(interval) {
                        let column = problem.pair(interval, seller, buyer);
                        for (at, _, offer) in [seller, buyer] {
                            columns.entry(*at).or_default().push((column, 1.0));
                            let slot = slots.entry((interval, offer.feeder)).or_default();
                            slot.add(offer, column);
                        }
                    }
                }
            }
        }
        energy_rows(&mut problem.program, book, columns, problem.unit);
        for ((_, feeder), slot) in slots {
            if let Some(limits) = book.feeders.get(&feeder) {
                slot.limit(&mut problem.program, limits, problem.unit);
            }
        }
        problem
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.pairs.len()
    }

    /// Solves from scratch.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`] and [`OptimError::Refused`].
    pub fn solve(&self) -> Result<RelaxedPairs, OptimError> {
        if self.pairs.is_empty() {
            return Ok(RelaxedPairs {
                shares: Vec::new(),
                objective: 0.0,
            });
        }
        let (quadratic, linear) = (self.program.quadratic(), self.program.linear());
        let mut solver = Solver::new(Problem::Market, &self.program, quadratic, linear, TOLERANCE)?;
        let x = &solver.solve()?.x;
        let share =
            |(&(interval, seller, buyer), energy): (&(Interval, OfferId, OfferId), &f64)| {
                PairShare {
                    interval,
                    seller,
                    buyer,
                    energy: (energy * self.unit).max(0.0),
                }
            };
        Ok(RelaxedPairs {
            shares: self.pairs.iter().zip(x).map(share).collect(),
            objective: -self.program.objective(x) * self.unit * self.weight,
        })
    }

    /// The optimum (in units of the objective) according to HiGHS.
    ///
    /// # Errors
    /// [`OptimError::Refused`] for any other end than an optimum.
    #[cfg(feature = "highs")]
    pub fn highs_optimum(&self) -> Result<f64, OptimError> {
        let least = crate::highs::minimum(Problem::Market, &self.program)?;
        Ok(-least * self.unit * self.weight)
    }

    fn pair(&mut self, interval: Interval, seller: &Numbered<'_>, buyer: &Numbered<'_>) -> usize {
        let column = self.program.variables(1).start;
        let weight = self.book.weight(seller.2) + self.book.weight(buyer.2);
        self.program.cost(column, 0.0, -weight / self.weight);
        self.program.at_most(vec![(column, -1.0)], 0.0);
        self.pairs.push((interval, seller.1, buyer.1));
        column
    }
}
