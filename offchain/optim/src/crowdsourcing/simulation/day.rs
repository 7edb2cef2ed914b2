//! One day under a policy: offers, answers, raises, supplement.

use gridweave_model::crowdsourcing::{Answer, Crowdsourcee, Reserve, TaskKey};

use super::policy::Policy;
use super::{Obtained, Setting};
use crate::crowdsourcing::{BudgetPays, Candidate, IncentiveProblem, Offer};
use crate::error::OptimError;

/// Less than this (pu) is not worth a task.
pub(super) const LEAST_TASK: f64 = 1e-4;

/// What is left of everybody's day.
pub(super) struct State<'a> {
    setting: &'a Setting<'a>,
    reserves: Vec<Reserve>,
    /// Energy that may still be asked for (pu·h).
    energy: Vec<f64>,
    day: u32,
}

/// The day.
pub(super) fn live(
    setting: &Setting,
    policy: &mut dyn Policy,
    day: u32,
) -> Result<Obtained, OptimError> {
    let mut state = State::new(setting, day);
    let mut obtained = Obtained::default();
    for t in 0..setting.instance.horizon {
        for feeder in 0..setting.crowd.feeders.len() {
            if setting.crowd.feeders[feeder].shortage[t] > 0.0 {
                obtained.add(&state.ask(policy, feeder, t)?);
            }
        }
        state.pass(t);
    }
    Ok(obtained)
}

impl<'a> State<'a> {
    pub fn new(setting: &'a Setting<'a>, day: u32) -> Self {
        let (instance, crowd) = (setting.instance, setting.crowd);
        let everybody = crowd.crowdsourcees.iter();
        let reserve =
            |who: &Crowdsourcee| Reserve::new(&instance.sites[who.bus], instance.interval_hours);
        Self {
            setting,
            reserves: everybody.clone().map(reserve).collect(),
            energy: everybody.map(|who| who.preferences.energy_max).collect(),
            day,
        }
    }

    /// What crowdsourcee `who` can be asked for in interval `t` (pu).
    pub fn available(&self, who: usize, t: usize) -> f64 {
        let preferences = &self.setting.crowd.crowdsourcees[who].preferences;
        if !preferences.available.contains(&t) {
            return 0.0;
        }
        let energy = self.energy[who] / self.setting.instance.interval_hours;
        let devices = self.reserves[who].available(t);
        devices.min(preferences.power_max).min(energy)
    }

    /// The answer of `who` to `offer`, of which `available` is all.
    pub fn answer(&self, who: usize, t: usize, offer: Offer, available: f64) -> bool {
        let setting = self.setting;
        let Some(acceptance) = setting.crowd.crowdsourcees[who].acceptance() else {
            return false;
        };
        let key = TaskKey {
            who: who as u32,
            day: self.day,
            interval: t as u16,
        };
        let price = setting.parts[who].price[t] + offer.incentive;
        let share = offer.delivery / available;
        acceptance.answer(setting.crowd.seed, key, (false, price, share)) == Answer::Accept
    }

    /// Delivers `power` of `who` in interval `t`.
    pub fn deliver(&mut self, who: usize, t: usize, power: f64) {
        self.reserves[who].deliver(t, power);
        self.energy[who] -= power * self.setting.instance.interval_hours;
    }

    /// Interval `t` is over: batteries charge as in the equilibrium, waiting loads catch up.
    pub fn pass(&mut self, t: usize) {
        for (reserve, part) in self.reserves.iter_mut().zip(&self.setting.parts) {
            reserve.charge(part.charge[t]);
            reserve.catch_up(t);
        }
    }

    /// What energy costs beyond `λ` of `who` if a generator supplements it.
    pub fn fallback(&self, who: usize, t: usize) -> f64 {
        let price = self.setting.crowd.terms.supplement_price;
        (price - self.setting.parts[who].price[t]).max(0.0)
    }

    fn candidate(&self, policy: &dyn Policy, who: usize, t: usize) -> Candidate {
        let part = &self.setting.parts[who];
        let cap = self.setting.crowd.terms.incentive_cap;
        let preferences = &self.setting.crowd.crowdsourcees[who].preferences;
        let stance = policy.stance(who, self.fallback(who, t));
        // Below the floor price nobody is to be asked.
        let least = stance.least.max(preferences.floor_price - part.price[t]);
        let available = self.available(who, t);
        Candidate {
            price: part.price[t],
            available: if least <= cap { available } else { 0.0 },
            equilibrium: part.beyond[t].min(available),
            eta: stance.eta,
            zeta: stance.zeta,
            least: least.clamp(0.0, cap),
            most: cap,
            response: None,
        }
    }

    /// Lines 4 to 10 of algorithm 1 for one feeder and interval.
    fn ask(
        &mut self,
        policy: &mut dyn Policy,
        feeder: usize,
        t: usize,
    ) -> Result<Obtained, OptimError> {
        let (crowd, hours) = (self.setting.crowd, self.setting.instance.interval_hours);
        let data = &crowd.feeders[feeder];
        let people: Vec<usize> = crowd.type2(feeder).map(|(who, _)| who).collect();
        let candidates = people.iter().map(|&who| self.candidate(policy, who, t));
        let problem = IncentiveProblem {
            candidates: candidates.collect(),
            shortage: data.shortage[t],
            budget: data.budget[t],
            budget_pays: BudgetPays::Incentive,
        };
        let design = problem.solve()?;
        let mut free = problem.budget;
        let mut obtained = Obtained {
            shortage: data.shortage[t] * hours,
            ..Obtained::default()
        };
        let mut left = data.shortage[t];
        for (&who, &offer) in people.iter().zip(&design.offers) {
            let offer = Offer {
                delivery: offer.delivery.min(left),
                ..offer
            };
            if offer.delivery < LEAST_TASK {
                continue;
            }
            obtained.offers += 1;
            let Some((paid, raises)) = self.negotiate(policy, who, t, offer, free) else {
                continue;
            };
            match raises {
                0 => obtained.first += 1,
                _ => obtained.raised += 1,
            }
            self.deliver(who, t, offer.delivery);
            left -= offer.delivery;
            free -= paid * offer.delivery;
            obtained.energy += offer.delivery * hours;
            obtained.spent += paid * offer.delivery;
        }
        let price = self.setting.parts.iter().map(|part| part.price[t]);
        let mean = price.sum::<f64>() / self.setting.parts.len().max(1) as f64;
        obtained.supplemented = left.max(0.0) * hours;
        obtained.premium = left.max(0.0) * (crowd.terms.supplement_price - mean).max(0.0);
        Ok(obtained)
    }

    /// Offers and raises until it accepts, raises or budget end; the incentive and the number of
    /// raises if it accepts.
    fn negotiate(
        &self,
        policy: &mut dyn Policy,
        who: usize,
        t: usize,
        mut offer: Offer,
        free: f64,
    ) -> Option<(f64, u32)> {
        let terms = self.setting.crowd.terms;
        let (available, fallback) = (self.available(who, t), self.fallback(who, t));
        // No more than a supplement costs.
        let most = terms.incentive_cap.min(free / offer.delivery).min(fallback);
        for raises in 0..=terms.raises {
            if offer.incentive > most {
                return None;
            }
            let accepts = self.answer(who, t, offer, available);
            policy.observe(who, offer.incentive, accepts);
            if accepts {
                return Some((offer.incentive, raises));
            }
            let left = terms.raises.saturating_sub(raises + 1);
            let next = policy.raise(who, offer.incentive, left, fallback).min(most);
            if next <= offer.incentive {
                return None;
            }
            offer.incentive = next;
        }
        None
    }
}
