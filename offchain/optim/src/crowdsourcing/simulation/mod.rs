//! Days of a crowd whose answers are drawn from the acceptance model, to compare ways of setting
//! incentives: a fixed rule, the published rule of [`gridweave_rules::crowdsourcing`] that learns from
//! answers, and one clearing price for everybody.

mod clearing;
mod day;
mod policy;

use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;

use super::{Deliveries, equilibrium};
use crate::central::CentralSolution;
use crate::error::OptimError;

pub use policy::{FixedRule, LearnedRule, Policy, Stance};

/// A crowd, its feeder and the equilibrium that it is to be steered to.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    instance: &'a Instance,
    crowd: &'a Crowd,
    parts: Vec<Deliveries>,
}

/// What was obtained, and what it cost. Energies in pu·h, money in currency.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Obtained {
    /// Energy that was short.
    pub shortage: f64,
    /// Energy that the crowd delivered.
    pub energy: f64,
    /// Incentives paid for it.
    pub spent: f64,
    /// Energy that generators had to supplement.
    pub supplemented: f64,
    /// What supplements cost beyond `λ`.
    pub premium: f64,
    /// Offers made, and how many were accepted at once, and after raises.
    pub offers: u32,
    /// Accepted at once.
    pub first: u32,
    /// Accepted after a raise.
    pub raised: u32,
}

impl Obtained {
    /// Incentives per energy that the crowd delivered (currency per pu·h), 0 if it delivered none.
    pub fn per_energy(&self) -> f64 {
        if self.energy > 0.0 {
            self.spent / self.energy
        } else {
            0.0
        }
    }

    /// Incentives and premiums per energy that was short (currency per pu·h), 0 if none was.
    pub fn per_shortage(&self) -> f64 {
        if self.shortage > 0.0 {
            (self.spent + self.premium) / self.shortage
        } else {
            0.0
        }
    }

    fn add(&mut self, other: &Self) {
        self.shortage += other.shortage;
        self.energy += other.energy;
        self.spent += other.spent;
        self.supplemented += other.supplemented;
        self.premium += other.premium;
        self.offers += other.offers;
        self.first += other.first;
        self.raised += other.raised;
    }
}

impl<'a> Setting<'a> {
    /// The setting of a solved day.
    pub fn new(instance: &'a Instance, crowd: &'a Crowd, solution: &CentralSolution) -> Self {
        Self {
            instance,
            crowd,
            parts: equilibrium(instance, crowd, solution),
        }
    }

    /// Days `first` to `first + days` with offers set by `policy`, which sees every answer.
    ///
    /// # Errors
    /// [`OptimError`] of an incentive design.
    pub fn run(
        &self,
        policy: &mut dyn Policy,
        first: u32,
        days: u32,
    ) -> Result<Obtained, OptimError> {
        let mut all = Obtained::default();
        for day in first..first + days {
            all.add(&day::live(self, policy, day)?);
        }
        Ok(all)
    }

    /// The same days when everybody who delivers in a feeder and interval is paid the least incentive,
    /// of 64 up to the cap, at which enough accept.
    pub fn run_clearing(&self, first: u32, days: u32) -> Obtained {
        let mut all = Obtained::default();
        for day in first..first + days {
            all.add(&clearing::live(self, day));
        }
        all
    }
}
