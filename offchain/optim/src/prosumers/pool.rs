//! A pool session in process, with the fixed-point rules of [`gridweave_rules::pool`] and no chain: what
//! a session on a chain must reproduce, and what its rules were chosen with.

use gridweave_model::prosumers::{Community, Prosumer};
use gridweave_rules::pool::{
    WeightSchedule, balanced, imbalance, price_step, relaxed, settlement_price,
};
use gridweave_units::Fx;

use super::home::{HomeAnswer, HomeProblem};
use crate::error::OptimError;

/// 2³², the scale of [`Fx`].
const SCALE: f64 = 4_294_967_296.0;

/// Over-relaxation of every session.
const RELAXATION: (i32, i32) = (3, 2);
/// The weight grows by this much a round …
const GROWTH: (i32, i32) = (13, 10);
/// … up to this round.
const LAST_GROWTH: u32 = 12;
/// Share of the mean trade limit that the whole spread of the tariff moves a home of mobility 1 in
/// the first round.
const REACH: f64 = 0.5;
/// Mobility of a home with a battery against one without.
const STORAGE_MOBILITY: i32 = 4;
/// Proximal weight with which a home that cannot deliver its plan comes as near as it can.
const NEAREST_RHO: f64 = 100.0;

/// The mobility that a home declares: how much of an imbalance it takes compared with others.
pub fn mobility(home: &Prosumer) -> Fx {
    match home.storage {
        Some(_) => Fx::from_int(STORAGE_MOBILITY),
        None => Fx::ONE,
    }
}

/// Public terms of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolTerms {
    /// Weights by round.
    pub weights: WeightSchedule,
    /// Over-relaxation `α`.
    pub relaxation: Fx,
}

impl PoolTerms {
    /// The documented rule: `ρ_1 = Δt·(mean π_E − mean π^FIT)/(½·mean trade limit)`.
    pub fn of(community: &Community) -> Self {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let tariff = &community.tariff;
        let spread = mean(&tariff.energy_charge) - mean(&tariff.feed_in_rate);
        let limits: Vec<f64> = community.homes.iter().map(|h| h.trade_max_kw).collect();
        let reach = REACH * mean(&limits);
        let start = community.interval_hours * spread.abs() / reach;
        let fits = start.is_finite() && start > 1e-6 && start < 1e6;
        Self {
            weights: WeightSchedule {
                start: if fits { to_fx(start) } else { Fx::ONE },
                growth: Fx::ratio(GROWTH.0, GROWTH.1),
                last: LAST_GROWTH,
            },
            relaxation: Fx::ratio(RELAXATION.0, RELAXATION.1),
        }
    }
}

/// A session between rounds.
pub struct PoolSession {
    terms: PoolTerms,
    homes: Vec<Member>,
    price: Vec<Fx>,
    rounds: u32,
}

struct Member {
    task: HomeProblem,
    mobility: Fx,
    copy: Vec<Fx>,
}

/// What a round leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolRound {
    /// Its number, from 1.
    pub round: u32,
    /// Relative imbalance of the answers.
    pub imbalance: f64,
    /// Price at which the plans are paid (currency per kW and interval).
    pub price: Vec<f64>,
    /// Balanced net sales of each home (kW).
    pub plans: Vec<Vec<f64>>,
}

/// What executing a plan costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// What each home does, its own cost included.
    pub homes: Vec<HomeAnswer>,
    /// Homes that cannot deliver their plan and come as near as they can.
    pub short: usize,
    /// Relative imbalance that they leave.
    pub imbalance: f64,
}

impl Settlement {
    /// Cost of all homes (currency).
    pub fn cost(&self) -> f64 {
        self.homes.iter().map(|home| home.cost).sum()
    }
}

impl PoolSession {
    /// A session of all homes at the documented terms. The first price is the energy charge.
    ///
    /// # Errors
    /// As [`HomeProblem::new`].
    pub fn new(community: &Community, terms: PoolTerms) -> Result<Self, OptimError> {
        let hours = community.interval_hours;
        let mut homes = Vec::with_capacity(community.homes.len());
        for (at, home) in community.homes.iter().enumerate() {
            homes.push(Member {
                task: HomeProblem::new(community, at, 1)?,
                mobility: mobility(home),
                copy: vec![Fx::ZERO; community.horizon],
            });
        }
        let charges = community.tariff.energy_charge.iter();
        Ok(Self {
            terms,
            homes,
            price: charges.map(|charge| to_fx(hours * charge)).collect(),
            rounds: 0,
        })
    }

    /// Runs one round.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`] of a home.
    pub fn round(&mut self) -> Result<PoolRound, OptimError> {
        self.rounds += 1;
        let rho = self.terms.weights.at(self.rounds);
        let answers = self.answers(rho)?;
        let mobility: Fx = self.homes.iter().map(|home| home.mobility).sum();
        let share = |home: &Member| home.mobility / mobility;
        let total = sum(&answers, |x| x);
        let volume = sum(&answers, Fx::abs);
        let plans = self.homes.iter().zip(&answers);
        let plans = plans
            .map(|(home, x)| floats(&balanced(x, &total, share(home))))
            .collect();
        // Before the first round there is nothing to relax against.
        let relaxation = if self.rounds == 1 {
            Fx::ONE
        } else {
            self.terms.relaxation
        };
        let pairs = self.homes.iter().zip(&answers);
        let targets: Vec<Vec<Fx>> = pairs
            .map(|(home, x)| relaxed(x, &home.copy, relaxation))
            .collect();
        let excess = sum(&targets, |w| w);
        let price = price_step(&self.price, &excess, rho, mobility);
        let before = std::mem::replace(&mut self.price, price);
        for (home, target) in self.homes.iter_mut().zip(&targets) {
            home.copy = balanced(target, &excess, share(home));
        }
        Ok(PoolRound {
            round: self.rounds,
            imbalance: to_f64(imbalance(&total, &volume)),
            price: floats(&settlement_price(&before, &self.price)),
            plans,
        })
    }

    fn answers(&mut self, rho: Fx) -> Result<Vec<Vec<Fx>>, OptimError> {
        let price = floats(&self.price);
        let answer = |home: &mut Member| {
            let rho = to_f64(rho) / to_f64(home.mobility);
            let answer = home.task.respond(&price, &floats(&home.copy), rho)?;
            Ok(answer.trade.iter().map(|&x| to_fx(x)).collect())
        };
        self.homes.iter_mut().map(answer).collect()
    }

    /// What the homes do with their trades given.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`] of a home.
    pub fn settle(&mut self, plans: &[Vec<f64>]) -> Result<Settlement, OptimError> {
        let mut homes = Vec::with_capacity(plans.len());
        let mut short = 0;
        for (home, plan) in self.homes.iter_mut().zip(plans) {
            let settled = home.task.settle(plan);
            homes.push(match settled {
                Ok(answer) => answer,
                Err(_) => {
                    short += 1;
                    let free = vec![0.0; plan.len()];
                    home.task.respond(&free, plan, NEAREST_RHO)?
                }
            });
        }
        let horizon = plans.first().map_or(0, Vec::len);
        let of = |t: usize| homes.iter().map(move |home: &HomeAnswer| home.trade[t]);
        let left: f64 = (0..horizon).map(|t| of(t).sum::<f64>().abs()).sum();
        let volume: f64 = (0..horizon).map(|t| of(t).map(f64::abs).sum::<f64>()).sum();
        Ok(Settlement {
            short,
            imbalance: if volume > 0.0 { left / volume } else { 0.0 },
            homes,
        })
    }

    /// A lower bound on the cost of every plan that balances: `−Σ_i max(λ·x − f_i(x))` at any price
    /// (currency per kW and interval), since payments cancel. As honest as the homes' claims are.
    ///
    /// # Errors
    /// A price of the wrong length or not finite, and [`OptimError::NotSolved`] of a home.
    pub fn lower_bound(&mut self, price: &[f64]) -> Result<f64, OptimError> {
        let mut bound = 0.0;
        for home in &mut self.homes {
            bound -= home.task.best_response(price)?.0;
        }
        Ok(bound)
    }

    /// What the homes would do without trade.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`] of a home.
    pub fn alone(&mut self) -> Result<Vec<HomeAnswer>, OptimError> {
        self.homes
            .iter_mut()
            .map(|home| home.task.alone())
            .collect()
    }
}

fn sum(rows: &[Vec<Fx>], of: impl Fn(Fx) -> Fx) -> Vec<Fx> {
    let mut total = vec![Fx::ZERO; rows.first().map_or(0, Vec::len)];
    for row in rows {
        for (sum, &value) in total.iter_mut().zip(row) {
            *sum += of(value);
        }
    }
    total
}

/// The nearest fixed-point number; powers and prices are far below the limit.
fn to_fx(value: f64) -> Fx {
    Fx::from_bits((value * SCALE).round() as i64)
}

fn to_f64(value: Fx) -> f64 {
    value.to_bits() as f64 / SCALE
}

fn floats(values: &[Fx]) -> Vec<f64> {
    values.iter().map(|&value| to_f64(value)).collect()
}
