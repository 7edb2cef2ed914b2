//! A pool session in process, with the fixed-point rules of [`gridweave_rules::pool`] and no chain: what
//! a session on a chain must reproduce, and what its rules were chosen with.

use gridweave_model::prosumers::Community;
use gridweave_rules::pool::{Share, balanced, imbalance, price_step, relaxed, settlement_price};
use gridweave_units::Fx;

use super::fx::{floats, to_f64, to_fx};
use super::home::{HomeAnswer, HomeProblem};
use super::terms::{PoolStart, PoolTerms, mobility};
use crate::error::{OptimError, check_len};

/// Proximal weight with which a home that cannot deliver its plan comes as near as it can.
const NEAREST_RHO: f64 = 100.0;

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
        Self::starting(community, terms, PoolStart::cold(community))
    }

    /// A session that begins at `start`, where an earlier one was left.
    ///
    /// # Errors
    /// As [`HomeProblem::new`], and [`OptimError::BadShape`] when `start` belongs to others.
    pub fn starting(
        community: &Community,
        terms: PoolTerms,
        start: PoolStart,
    ) -> Result<Self, OptimError> {
        check_len("start", start.copies.len(), community.homes.len())?;
        check_len("price", start.price.len(), community.horizon)?;
        let mut homes = Vec::with_capacity(community.homes.len());
        let pairs = community.homes.iter().zip(start.copies);
        for (at, (home, copy)) in pairs.enumerate() {
            check_len("copy", copy.len(), community.horizon)?;
            homes.push(Member {
                task: HomeProblem::new(community, at, 1)?,
                mobility: mobility(home),
                copy,
            });
        }
        Ok(Self {
            terms,
            homes,
            price: start.price,
            rounds: 0,
        })
    }

    /// Where another session may begin.
    pub fn leave(&self) -> PoolStart {
        PoolStart {
            price: self.price.clone(),
            copies: self.homes.iter().map(|home| home.copy.clone()).collect(),
        }
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
        let share = |home: &Member| Share::of(home.mobility, mobility);
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
