//! The public terms of a pool session, and where it begins.

use gridweave_model::prosumers::{Community, Prosumer};
use gridweave_rules::pool::WeightSchedule;
use gridweave_units::Fx;

use super::fx::{floats, to_fx};

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
    /// The documented rule: `ρ_1 = Δt·(mean π_E − mean π^FIT)/(½·mean trade limit)`, where `π_E` holds
    /// the reward of demand response that a purchase forgoes.
    pub fn of(community: &Community) -> Self {
        let limits = community.homes.iter().map(|home| home.trade_max_kw);
        let reach = REACH * limits.sum::<f64>() / community.homes.len().max(1) as f64;
        let start = community.interval_hours * community.tariff.spread().abs() / reach;
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

    /// The same terms from round `round` on: those of a session that goes on where another one was
    /// left.
    #[must_use]
    pub fn from_round(mut self, round: u32) -> Self {
        self.weights = WeightSchedule {
            start: self.weights.at(round),
            growth: self.weights.growth,
            last: self
                .weights
                .last
                .saturating_sub(round.saturating_sub(1))
                .max(1),
        };
        self
    }
}

/// Where a session begins: a first price (currency per kW and interval), and what each home starts
/// from (kW), which sums to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolStart {
    pub(super) price: Vec<Fx>,
    pub(super) copies: Vec<Vec<Fx>>,
}

impl PoolStart {
    /// What a purchase costs, and nobody trades.
    pub fn cold(community: &Community) -> Self {
        let costs = (0..community.horizon).map(|t| community.tariff.marginal(t));
        let price = costs.map(|cost| to_fx(community.interval_hours * cost));
        Self {
            price: price.collect(),
            copies: vec![vec![Fx::ZERO; community.horizon]; community.homes.len()],
        }
    }

    /// The first price (currency per kW and interval).
    pub fn prices(&self) -> Vec<f64> {
        floats(&self.price)
    }

    /// The same start `intervals` later.
    #[must_use]
    pub fn later(mut self, intervals: usize) -> Self {
        let rows = std::iter::once(&mut self.price).chain(&mut self.copies);
        for row in rows {
            row.drain(..intervals.min(row.len()));
        }
        self
    }
}
