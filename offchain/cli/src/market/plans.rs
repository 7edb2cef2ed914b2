//! The homes' parts of a market: what each offers on the chain, and what the operator must allow it.

use anyhow::{Context, Result};
use gridweave_agents::market::plan::Plan;
use gridweave_dso::Participant;
use gridweave_dso::home::{HomeOffer, HomePlan, Slot};
use gridweave_types::assets::{PermitClass, Side};
use gridweave_units::{Interval, IntervalSet};

use super::problem::{Planned, Problem};

impl Planned {
    /// The same, `first` intervals later. What is known from the start is posted at the start.
    ///
    /// # Errors
    /// The chain's clock has run out of intervals.
    pub fn moved(&self, first: u32) -> Result<Self> {
        let intervals = self.plan.class.intervals;
        let start = intervals.first().0.checked_add(first).map(Interval);
        let moved = start.and_then(|start| IntervalSet::new(start, intervals.bitmap()));
        let intervals = moved.with_context(|| {
            format!("first_interval is {first}: the chain's intervals end before the day does")
        })?;
        Ok(Self {
            slot: Slot {
                round: match self.slot.round {
                    0 => 0,
                    round => round.saturating_add(first),
                },
                ..self.slot
            },
            plan: Plan {
                class: PermitClass {
                    intervals,
                    ..self.plan.class
                },
                ..self.plan
            },
            ..*self
        })
    }
}

/// What each home of `problem` offers, in the intervals of a chain on which the first one is `first`.
///
/// # Errors
/// As [`Planned::moved`].
pub fn home_plans(problem: &Problem, first: u32) -> Result<Vec<HomePlan>> {
    let mut offers: Vec<Vec<HomeOffer>> = vec![Vec::new(); problem.homes.feeders.len()];
    for offer in &problem.offers {
        let Planned {
            home, slot, plan, ..
        } = offer.moved(first)?;
        if let Some(own) = offers.get_mut(home) {
            own.push(HomeOffer { slot, plan });
        }
    }
    Ok(offers.into_iter().map(HomePlan::new).collect())
}

/// What a home needs of the operator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Most energy that it offers to sell in an interval (Wh).
    pub sell: u64,
    /// Most energy that it offers to buy in an interval (Wh).
    pub buy: u64,
    /// Money that its offers lock (µ).
    pub money: u128,
}

impl Needs {
    /// By home of `problem`.
    pub fn of_all(problem: &Problem) -> Vec<Self> {
        let horizon = problem.horizon as usize;
        let homes = problem.homes.feeders.len();
        let mut energies = vec![[vec![0u64; horizon], vec![0u64; horizon]]; homes];
        let mut all = vec![Self::default(); homes];
        for offer in &problem.offers {
            let (class, energy) = (offer.plan.class, offer.plan.energy);
            let Some([sell, buy]) = energies.get_mut(offer.home) else {
                continue;
            };
            let side = match class.side {
                Side::Sell => sell,
                Side::Buy => buy,
            };
            for interval in class.intervals.iter() {
                if let Some(sum) = side.get_mut(interval.0 as usize) {
                    *sum = sum.saturating_add(energy);
                }
            }
            all[offer.home].money += offer.plan.money();
        }
        for (needs, [sell, buy]) in all.iter_mut().zip(energies) {
            needs.sell = sell.into_iter().max().unwrap_or_default();
            needs.buy = buy.into_iter().max().unwrap_or_default();
        }
        all
    }

    /// The home with this account as the operator's ledger has it.
    pub fn participant(&self, account: &str, (name, feeder): (String, u32)) -> Participant {
        Participant {
            account: account.into(),
            name,
            feeder,
            sell_limit: self.sell,
            buy_limit: self.buy,
        }
    }
}

/// Name of a home and of its key.
pub fn home_name(home: usize) -> String {
    format!("home-{home}")
}
