//! What a run of a community leaves behind.

use std::time::Duration;

use gridweave_audit::{EventLog, Report};
use gridweave_model::prosumers::{Community, HomeSchedule};
use gridweave_optim::prosumers::HomeAnswer;
use gridweave_types::coordinator::StopReason;

use super::pool::Round;
use super::reference::Reference;
use super::rolling::RollingFigures;
use super::trades::Trade;
use crate::args::GraphArg;
use crate::live::ChainFigures;
use crate::run::bills::Bills;
use crate::run::outcome::State;
use crate::run::rounds::Timings;

/// How homes traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trading {
    /// In one pool.
    Pool,
    /// In one pool, planned anew every so many intervals.
    Rolling(usize),
    /// With each partner on its own.
    Pairwise(GraphArg),
}

/// Everything about a run.
pub struct Outcome {
    /// How homes traded.
    pub trading: Trading,
    /// What it is compared with.
    pub reference: Reference,
    /// Rounds of the session; of all sessions where there are several.
    pub rounds: Vec<Round>,
    /// Cost of the plan of each round as its homes delivered it, and how far it was from balance
    /// (pairwise sessions, which do not know their cost).
    pub judged: Vec<Judged>,
    /// Why the (last) session ended.
    pub stop_reason: Option<StopReason>,
    /// What each home does.
    pub homes: Vec<HomeAnswer>,
    /// What each home is paid for its net sales at the session's prices (currency).
    pub paid: Vec<f64>,
    /// Side payment to each home (currency).
    pub side: Vec<f64>,
    /// Price (currency per kW and interval).
    pub price: Vec<f64>,
    /// Trades between two homes each.
    pub trades: Vec<Trade>,
    /// Time and messages.
    pub timings: Timings,
    /// Rolling operation.
    pub rolling: Option<RollingFigures>,
    /// The metered days, if they were lived through.
    pub bills: Option<Bills>,
    /// The audit of the bills.
    pub audit: Option<Report>,
    /// Everything that the contracts announced.
    pub events: Option<EventLog>,
    /// The contracts' final state.
    pub state: Option<State>,
    /// What it took on a real chain.
    pub chain: Option<ChainFigures>,
    /// Time from start to end.
    pub wall: Duration,
}

/// A plan as it would have been executed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Round.
    pub round: u32,
    /// Cost of all homes (currency); infinite where one cannot deliver.
    pub cost: f64,
    /// `Σ_t |Σ_i x_i| / Σ_t Σ_i |x_i|` of the answers.
    pub imbalance: f64,
}

impl Outcome {
    /// Cost of all homes; payments between them cancel (currency).
    pub fn cost(&self) -> f64 {
        self.homes.iter().map(|home| home.cost).sum()
    }

    /// What home number `at` pays in all (currency).
    pub fn cost_of(&self, at: usize) -> f64 {
        self.homes[at].cost - self.paid[at] - self.side[at]
    }

    /// Saving of home `at` against staying alone, as a fraction of what it pays alone.
    pub fn saving_of(&self, at: usize) -> f64 {
        let alone = self.reference.alone[at].cost;
        (alone - self.cost_of(at)) / alone.abs().max(1e-9)
    }

    /// What is done, home by home.
    pub fn schedules(&self) -> impl Iterator<Item = &HomeSchedule> {
        self.homes.iter().map(|home| &home.schedule)
    }

    /// `Σ_t |Σ_i x_i| / Σ_t Σ_i |x_i|` of what is executed, 0 where nothing is traded.
    pub fn imbalance(&self) -> f64 {
        let rows: Vec<&[f64]> = self.schedules().map(|s| &s.trade[..]).collect();
        imbalance(&rows)
    }
}

/// `Σ_t |Σ_i x_i| / Σ_t Σ_i |x_i|` of net sales by home, 0 where nothing is traded.
pub fn imbalance(rows: &[&[f64]]) -> f64 {
    let horizon = rows.first().map_or(0, |row| row.len());
    let left: f64 = (0..horizon)
        .map(|t| rows.iter().map(|row| row[t]).sum::<f64>().abs())
        .sum();
    let volume: f64 = rows
        .iter()
        .flat_map(|row| row.iter())
        .map(|x| x.abs())
        .sum();
    if volume > 0.0 { left / volume } else { 0.0 }
}

/// Energy that all homes together sell as demand response; what they buy above their baselines is
/// subtracted (kWh).
pub fn demand_response<'a>(
    community: &Community,
    schedules: impl Iterator<Item = &'a HomeSchedule>,
) -> f64 {
    let powers = schedules.flat_map(|schedule| &schedule.demand_response);
    community.interval_hours * powers.sum::<f64>()
}

/// Highest purchase of all homes together (kW).
pub fn peak<'a>(community: &Community, schedules: impl Iterator<Item = &'a HomeSchedule>) -> f64 {
    let mut total = vec![0.0; community.horizon];
    for schedule in schedules {
        for (sum, power) in total.iter_mut().zip(&schedule.grid) {
            *sum += power;
        }
    }
    total.into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imbalance_is_relative_to_the_volume() {
        assert_eq!(imbalance(&[&[1.0, 2.0], &[-1.0, -1.0]]), 0.2);
        assert_eq!(imbalance(&[&[0.0], &[0.0]]), 0.0);
        assert_eq!(imbalance(&[]), 0.0);
    }
}
