//! Solving C(2): relaxation, recovery, tightening.

use super::incentives::{Candidate, IncentiveProblem, Offer};
use super::lifted::{Aim, Lifted, Tangent};
use super::recover;
use crate::error::{OptimError, Problem};
use crate::solver::Solver;

/// Tolerance of the solver, in the program's units.
const TOLERANCE: f64 = 1e-9;
/// Relative distance of bound and value that counts as none.
const CLOSED: f64 = 1e-6;
/// Times the program is tightened at most.
const MOST_ROUNDS: u32 = 30;
/// Less power than this (of the largest, or of the shortage) cannot be asked for.
const NOTHING: f64 = 1e-6;
/// Coverage that misses the shortage by this part of it, or exceeds it by less, leaves no choice.
const NO_CHOICE: f64 = 1e-5;

/// Which program a design answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// C(2): the shortage is covered within the budget.
    Design,
    /// C(2) has no solution: as much is covered as budget and crowd allow.
    Coverage,
}

/// Offers, and how good they are.
#[derive(Debug, Clone, PartialEq)]
pub struct IncentiveDesign {
    /// Which program they solve.
    pub answered: Answered,
    /// One for each candidate. They keep C(2b) and all of C(2c) but the shortage, which a design
    /// covers.
    pub offers: Vec<Offer>,
    /// `Σu` (pu).
    pub covered: f64,
    /// What the budget pays if all accept (currency).
    pub spending: f64,
    /// The true bilinear objective C(2a) at the offers (currency).
    pub objective: f64,
    /// Value of the relaxation: of C(2a) (currency), of coverage (pu).
    pub relaxation: f64,
    /// The same of the offers first recovered from it, which need not keep the budget.
    pub recovered: f64,
    /// The same of the offers returned.
    pub value: f64,
    /// Bound on it after tightening.
    pub bound: f64,
    /// Largest `|y − λᵃu|` of the relaxation (currency).
    pub distance: f64,
    /// How often the program was solved.
    pub rounds: u32,
}

impl IncentiveDesign {
    /// Distance of the relaxation from the offers' value, relative to it.
    pub fn relaxation_gap(&self) -> f64 {
        (self.value - self.relaxation).abs() / self.value.abs().max(f64::MIN_POSITIVE)
    }
}

impl IncentiveProblem {
    /// Solves C(2); where no offers cover the shortage within the budget, covers the most.
    ///
    /// The linearised program is solved first. Its deliveries become offers at the least incentives
    /// that bring them; where their true value differs from the program's, the product
    /// `(u − ũ)² ≥ 0` at the deliveries found is added and it is solved again. With incentives
    /// eliminated C(2) is convex, so that this ends at its optimum.
    ///
    /// # Errors
    /// A bad value by name, [`OptimError::NotSolved`] and [`OptimError::Refused`].
    pub fn solve(&self) -> Result<IncentiveDesign, OptimError> {
        self.check()?;
        let (live, positions) = self.live();
        let coverage = live.coverage()?;
        let enough = live.shortage * (1.0 + NO_CHOICE);
        let (answered, found) = if coverage.deliveries_sum() < enough {
            (Answered::Coverage, coverage)
        } else {
            (Answered::Design, live.design(&coverage.deliveries)?)
        };
        Ok(self.answer(answered, found, &positions))
    }

    /// The problem of the candidates that can deliver anything, and their positions.
    fn live(&self) -> (Self, Vec<usize>) {
        let reaches = self.candidates.iter().map(Candidate::reach);
        let least = NOTHING * reaches.fold(self.shortage, f64::max);
        let live = |who: &Candidate| who.reach() > least;
        let all = self.candidates.iter().enumerate();
        let positions = all.filter(|(_, who)| live(who)).map(|(i, _)| i).collect();
        let candidates = self.candidates.iter().copied().filter(live).collect();
        let live = Self {
            candidates,
            ..self.clone()
        };
        (live, positions)
    }

    fn answer(&self, answered: Answered, found: Found, positions: &[usize]) -> IncentiveDesign {
        let idle = |who: &Candidate| Offer {
            delivery: 0.0,
            incentive: who.least,
        };
        let mut offers: Vec<Offer> = self.candidates.iter().map(idle).collect();
        for (&position, offer) in positions.iter().zip(&found.offers) {
            offers[position] = *offer;
        }
        // Those who can deliver nothing are at a fixed distance from their equilibrium.
        let idle_cost = match answered {
            Answered::Coverage => 0.0,
            Answered::Design => self.objective(&offers) - found.value,
        };
        IncentiveDesign {
            answered,
            covered: offers.iter().map(|offer| offer.delivery).sum(),
            spending: self.spending(&offers),
            objective: self.objective(&offers),
            relaxation: found.relaxation + idle_cost,
            recovered: found.recovered + idle_cost,
            value: found.value + idle_cost,
            bound: found.bound + idle_cost,
            distance: found.distance,
            rounds: found.rounds,
            offers,
        }
    }

    /// The most that can be covered within the budget.
    fn coverage(&self) -> Result<Found, OptimError> {
        let nothing = vec![0.0; self.candidates.len()];
        self.tighten(Aim::Coverage, &nothing)
    }

    /// C(2), where `safe` covers the shortage within the budget.
    fn design(&self, safe: &[f64]) -> Result<Found, OptimError> {
        self.tighten(Aim::Design, safe)
    }

    fn tighten(&self, aim: Aim, safe: &[f64]) -> Result<Found, OptimError> {
        let mut found = Found::at(self, aim, safe.to_vec());
        let mut tangents = Vec::new();
        // Without candidates or budget there is one point only.
        while found.rounds < MOST_ROUNDS && !self.candidates.is_empty() && self.budget > 0.0 {
            let lifted = Lifted::new(self, aim, &tangents);
            let (quadratic, linear) = (lifted.program.quadratic(), lifted.program.linear());
            let program = &lifted.program;
            let mut solver =
                Solver::new(Problem::Incentives, program, quadratic, linear, TOLERANCE)?;
            let x = &solver.solve()?.x;
            let wanted = lifted.deliveries(x);
            found.take(self, aim, safe, lifted.value(aim, x), &wanted);
            if found.rounds == 1 {
                found.distance = lifted.distance(x);
            }
            if found.is_closed() {
                break;
            }
            let at = |(who, at): (usize, f64)| Tangent { who, at };
            tangents.extend(wanted.into_iter().enumerate().map(at));
        }
        Ok(found)
    }

    fn value(&self, aim: Aim, offers: &[Offer]) -> f64 {
        match aim {
            Aim::Design => self.objective(offers),
            Aim::Coverage => offers.iter().map(|offer| offer.delivery).sum(),
        }
    }
}

/// The best offers so far, and the bound on them.
struct Found {
    deliveries: Vec<f64>,
    offers: Vec<Offer>,
    value: f64,
    relaxation: f64,
    recovered: f64,
    bound: f64,
    distance: f64,
    rounds: u32,
}

impl Found {
    fn at(problem: &IncentiveProblem, aim: Aim, deliveries: Vec<f64>) -> Self {
        let offers = recover::offers(problem, &deliveries);
        let value = problem.value(aim, &offers);
        Self {
            deliveries,
            offers,
            value,
            relaxation: value,
            recovered: value,
            bound: value,
            distance: 0.0,
            rounds: 0,
        }
    }

    /// Takes the deliveries of a round if they are better once they keep the budget.
    fn take(
        &mut self,
        problem: &IncentiveProblem,
        aim: Aim,
        safe: &[f64],
        bound: f64,
        wanted: &[f64],
    ) {
        self.bound = bound;
        self.rounds += 1;
        if self.rounds == 1 {
            self.relaxation = bound;
            self.recovered = problem.value(aim, &recover::offers(problem, wanted));
        }
        let deliveries = recover::within_budget(problem, safe, wanted);
        let offers = recover::offers(problem, &deliveries);
        let value = problem.value(aim, &offers);
        let better = match aim {
            Aim::Design => value < self.value,
            Aim::Coverage => value > self.value,
        };
        if better {
            (self.deliveries, self.offers, self.value) = (deliveries, offers, value);
        }
    }

    fn is_closed(&self) -> bool {
        (self.value - self.bound).abs() <= CLOSED * self.value.abs().max(self.bound.abs())
    }

    fn deliveries_sum(&self) -> f64 {
        self.offers.iter().map(|offer| offer.delivery).sum()
    }
}
