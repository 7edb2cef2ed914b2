//! Rolling operation (model predictive control): every few hours the rest of the horizon is planned
//! anew, from where the homes really are and with new forecasts; only the hours up to the next plan
//! are executed.
//!
//! The hours up to and including the one of the next plan are known; beyond them homes have
//! forecasts ([`Forecast`]). So whatever is executed was planned with the numbers that came true, and
//! each plan begins where the last one said that it would.

use gridweave_model::prosumers::{Community, Forecast, HomeSchedule};

use super::home::HomeAnswer;
use crate::error::{OptimError, check_len};

/// A horizon that is lived through.
#[derive(Debug, Clone)]
pub struct Rolling<'a> {
    truth: &'a Community,
    every: usize,
    forecast: Forecast,
    /// Intervals that are over.
    from: usize,
    done: Vec<HomeSchedule>,
}

/// What is to be planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Interval in which it begins.
    pub from: usize,
    /// How many of its intervals will be executed.
    pub execute: usize,
    /// Homes, tariff and weather from then on, as far as they are known or expected.
    pub community: Community,
}

/// What came true.
#[derive(Debug, Clone, PartialEq)]
pub struct Lived {
    /// What each home did.
    pub homes: Vec<HomeSchedule>,
    /// What it cost each home, payments for trade left out (currency).
    pub costs: Vec<f64>,
}

impl Lived {
    /// Cost of all homes (currency).
    pub fn cost(&self) -> f64 {
        self.costs.iter().sum()
    }
}

impl<'a> Rolling<'a> {
    /// The horizon of `truth`, planned anew after every `every` intervals (at least 1).
    pub fn new(truth: &'a Community, every: usize, forecast: Forecast) -> Self {
        Self {
            truth,
            every: every.max(1),
            forecast,
            from: 0,
            done: vec![HomeSchedule::default(); truth.homes.len()],
        }
    }

    /// What is to be planned next; `None` when the horizon is over.
    pub fn window(&self) -> Option<Window> {
        let left = self.truth.horizon - self.from;
        if left == 0 {
            return None;
        }
        let rest = self.truth.rest(self.from, &self.done);
        Some(Window {
            from: self.from,
            execute: self.every.min(left),
            community: self.forecast.of(&rest, self.every + 1, self.from),
        })
    }

    /// Lives through the first intervals of `plans`, one for each home, made for the last window.
    ///
    /// # Errors
    /// [`OptimError::BadShape`] where homes or intervals are missing.
    pub fn execute(&mut self, plans: &[HomeAnswer]) -> Result<(), OptimError> {
        let left = self.truth.horizon - self.from;
        check_len("plans", plans.len(), self.done.len())?;
        for plan in plans {
            check_len("plan", plan.schedule.grid.len(), left)?;
        }
        let count = self.every.min(left);
        for (done, plan) in self.done.iter_mut().zip(plans) {
            done.extend(&plan.schedule, count);
        }
        self.from += count;
        Ok(())
    }

    /// What came true so far, at what cost.
    pub fn lived(self) -> Lived {
        let pairs = self.done.iter().zip(&self.truth.homes);
        let costs = pairs.map(|(done, home)| done.cost(self.truth, home).total());
        Lived {
            costs: costs.collect(),
            homes: self.done,
        }
    }
}
