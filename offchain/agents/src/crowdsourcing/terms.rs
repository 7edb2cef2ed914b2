//! The terms of contract and programme: from a scenario's numbers to integers of Wh, µ/kWh and µ.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::crowdsourcing::{FeederBudget, InstantiateMsg, Terms};

use crate::terms::money;

/// µ/kWh of a currency unit per MWh.
const PRICE: f64 = 1e3;

/// When a programme takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// First interval.
    pub first: u32,
    /// Until when preferences are taken (unix seconds).
    pub preferences_until: u64,
    /// How long an offer or raise stays open (seconds).
    pub task_seconds: u32,
}

/// What the contract is told at birth; addresses are for whoever deploys to fill in.
pub fn contract(instance: &Instance, crowd: &Crowd) -> InstantiateMsg {
    InstantiateMsg {
        grid: String::new(),
        billing: String::new(),
        day_intervals: instance.horizon as u32,
        incentive_limit: Uint64::new(micro(instance, crowd.terms.incentive_cap)),
    }
}

/// Terms of a programme for the day of `instance`.
pub fn programme(instance: &Instance, crowd: &Crowd, calendar: Calendar) -> Terms {
    let terms = &crowd.terms;
    Terms {
        first: calendar.first,
        length: instance.horizon as u32,
        preferences_until: Uint64::new(calendar.preferences_until),
        cap: Uint64::new(micro(instance, terms.incentive_cap)),
        raises: terms.raises,
        task_seconds: calendar.task_seconds,
        supplement_price: Uint64::new(micro(instance, terms.supplement_price)),
    }
}

/// How long an offer may stay open so that it, its raises and a supplement fit into an interval of
/// `interval_seconds`.
pub fn task_seconds(crowd: &Crowd, interval_seconds: u32) -> u32 {
    (interval_seconds / (crowd.terms.raises + 2)).max(1)
}

/// Budgets `b` of C(2b) from interval `first` on, of the feeders with these numbers.
pub fn budgets(crowd: &Crowd, feeders: &[u32], first: u32) -> Vec<FeederBudget> {
    let pairs = crowd.feeders.iter().zip(feeders);
    let rows = pairs.map(|(feeder, &number)| {
        let amounts = feeder.budget.iter();
        FeederBudget {
            feeder: number,
            from: first,
            amounts: amounts.map(|amount| Uint128::new(money(*amount))).collect(),
        }
    });
    rows.collect()
}

/// The sum of `budgets` (µ), which a programme is created with.
pub fn total(budgets: &[FeederBudget]) -> u128 {
    let amounts = budgets.iter().flat_map(|budget| &budget.amounts);
    amounts.map(|amount| amount.u128()).sum()
}

/// µ/kWh of a price in currency per pu and interval.
pub fn micro(instance: &Instance, price: f64) -> u64 {
    let per_mwh = price / (instance.network.base_mva * instance.interval_hours);
    (per_mwh * PRICE).round() as u64
}
