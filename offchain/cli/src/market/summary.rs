//! `summary.json` of a market run.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use gridweave_model::market::MarketObjective;
use serde::Serialize;

use super::outcome::{Outcome, Waited};
use super::problem::Problem;
use crate::live::market::LiveFigures;
use crate::run::bills::Totals;

/// The figures of a market run. Energies in kWh, welfare in µ, ratios of 1.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Name of the book or scenario.
    pub market: String,
    /// What was maximized.
    pub objective: MarketObjective,
    /// Prediction window `L`; `null` for a recorded book.
    pub window: Option<u32>,
    /// Feeders.
    pub feeders: usize,
    /// Intervals.
    pub intervals: u32,
    /// Offers posted.
    pub offers: usize,
    /// Finalized trades.
    pub trades: usize,
    /// Finalized energy.
    pub energy_traded_kwh: f64,
    /// The same by interval.
    pub energy_by_interval: Vec<f64>,
    /// Most energy that could be traded if everything were known from the start.
    pub full_information_optimum_kwh: f64,
    /// `Σ(R_b − R_s)·p` of finalized trades.
    pub welfare: f64,
    /// Largest welfare if everything were known from the start; with that objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_information_welfare: Option<f64>,
    /// What of the full-information optimum, of energy or with that objective of welfare, is missing.
    pub gap: f64,
    /// What the file expects of `energy_traded_kwh` when energy is maximized.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_energy_kwh: Option<f64>,
    /// What the file expects of `welfare` when that is maximized.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_welfare: Option<f64>,
    /// Least certified ratio of an accepted solution to what the book of its moment allows.
    pub certified_ratio: Option<f64>,
    /// Solutions that became the candidate.
    pub candidate_updates: usize,
    /// Solutions that were rejected, by reason.
    pub solutions_rejected: BTreeMap<String, usize>,
    /// Solver's wall times.
    pub solve_ms: SolveTimes,
    /// Gas of accepted solutions by trade; `null` without gas.
    pub verify_gas_per_trade: Option<f64>,
    /// Of energy: from the block whose book allows to trade it to that of a solution that does; `null` on
    /// the embedded chain, whose blocks do not pass by themselves.
    pub offer_to_trade_s: Option<Percentiles>,
    /// Of offers: from the block of the offer, whose counterpart may come later.
    pub posted_to_trade_s: Option<Percentiles>,
    /// Columns of the compact program with everything known.
    pub columns_compact: usize,
    /// Columns of the paper's pairwise form.
    pub columns_pairwise: u64,
    /// What the metered day came to.
    #[serde(flatten)]
    pub bills: Option<Settled>,
    /// What an audit of the events found wrong with them; `null` where there was none.
    pub audit_differences: Option<u64>,
    /// µ and Wh that do not add up.
    pub conservation_error: u128,
    /// Wall time (s).
    pub wall_s: f64,
    /// What it took, on a real chain.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveFigures>,
}

/// Totals of the bills. Energies in Wh (injection positive), money in µ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Lines that are settled.
    pub settled_lines: usize,
    /// Of these, settled on an estimate to the end.
    pub estimated_lines: usize,
    /// What was traded: the accounts' commitments, sold less bought.
    pub energy_scheduled_wh: i64,
    /// What the homes' meters say.
    pub energy_metered_wh: i64,
    /// What the homes pay the grid in all for what they did not trade, less what they get.
    pub payments_total: i128,
    /// Of these, penalties: the spread between drawing and feeding in.
    pub penalties_total: i128,
    /// What homes owe and could not pay.
    pub arrears_total: u128,
    /// Lost to rounding.
    pub dust: i128,
}

impl From<Totals> for Settled {
    fn from(totals: Totals) -> Self {
        Self {
            settled_lines: totals.settled_lines,
            estimated_lines: totals.estimated_lines,
            energy_scheduled_wh: totals.energy_scheduled_wh,
            energy_metered_wh: totals.energy_metered_wh,
            payments_total: totals.payments_total,
            penalties_total: totals.penalties_total,
            arrears_total: totals.arrears_total,
            dust: totals.dust,
        }
    }
}

/// Wall times of a solver's turns (ms).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SolveTimes {
    /// The median.
    pub median: f64,
    /// The largest.
    pub max: f64,
}

/// Nearest-rank percentiles (s).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half of all is at most this.
    pub p50: f64,
    /// 99 of 100 are at most this.
    pub p99: f64,
}

impl Percentiles {
    /// Of `waits`, each as often as it is weighted; `None` without any.
    pub fn of(waits: impl IntoIterator<Item = (u64, Duration)>) -> Option<Self> {
        let mut sorted: Vec<_> = waits
            .into_iter()
            .filter(|(weight, _)| *weight > 0)
            .collect();
        sorted.sort_by_key(|(_, wait)| *wait);
        let all: u64 = sorted.iter().map(|(weight, _)| weight).sum();
        let at = |percent: u64| {
            let rank = (all * percent).div_ceil(100);
            let mut below = 0;
            let found = sorted.iter().find(|(weight, _)| {
                below += weight;
                below >= rank
            });
            found.map(|(_, wait)| wait.as_secs_f64())
        };
        Some(Self {
            p50: at(50)?,
            p99: at(99)?,
        })
    }
}

impl Summary {
    /// The figures of `outcome`.
    pub fn new(problem: &Problem, outcome: &Outcome) -> Self {
        let energy: u64 = outcome.energy.iter().sum();
        let full = outcome.full_energy.energy();
        let welfare = welfare(problem, outcome);
        let full_welfare = outcome.full_welfare.as_ref();
        let full_welfare = full_welfare.map(|solution| solution.objective as f64 / 1e3);
        let missing = |reached: f64, of: f64| if of > 0.0 { 1.0 - reached / of } else { 0.0 };
        let expected = problem.expected.as_ref();
        let live = outcome.live.as_ref();
        let waited = live.map(|_| &outcome.waited);
        let of_offers =
            |waited: &Waited| Percentiles::of(waited.offers.iter().map(|time| (1, *time)));
        let of_energy = |waited: &Waited| Percentiles::of(waited.energy.iter().copied());
        Self {
            market: problem.name.clone(),
            objective: problem.choice.objective,
            window: problem.window,
            feeders: problem.full.feeders.len(),
            intervals: problem.horizon,
            offers: outcome.offers,
            trades: outcome.trades.len(),
            energy_traded_kwh: kwh(energy),
            energy_by_interval: outcome.energy.iter().copied().map(kwh).collect(),
            full_information_optimum_kwh: full as f64 / 1e3,
            welfare,
            full_information_welfare: full_welfare,
            gap: match full_welfare {
                Some(best) => missing(welfare, best),
                None => missing(energy as f64, full as f64),
            },
            expected_energy_kwh: expected
                .filter(|_| full_welfare.is_none())
                .map(|expected| expected.max_energy_wh / 1e3),
            expected_welfare: expected
                .filter(|_| full_welfare.is_some())
                .map(|expected| expected.max_welfare_micro),
            certified_ratio: outcome.certified_ppm.map(|ppm| f64::from(ppm) / 1e6),
            candidate_updates: outcome.accepted,
            solutions_rejected: outcome.rejected.clone(),
            solve_ms: SolveTimes::of(&outcome.solves),
            verify_gas_per_trade: live.and_then(LiveFigures::gas_per_trade),
            offer_to_trade_s: waited.and_then(of_energy),
            posted_to_trade_s: waited.and_then(of_offers),
            columns_compact: outcome.columns.0,
            columns_pairwise: outcome.columns.1,
            bills: outcome.bills.as_ref().map(|bills| bills.totals.into()),
            audit_differences: outcome
                .audit
                .as_ref()
                .map(|audit| audit.findings.differences),
            conservation_error: outcome.conservation_error,
            wall_s: outcome.wall.as_secs_f64(),
            live: outcome.live.clone(),
        }
    }

    /// Writes `summary.json`.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let file = folder.join("summary.json");
        let text = serde_json::to_string_pretty(self).context("summary")? + "\n";
        std::fs::write(&file, text)
            .with_context(|| format!("{} cannot be written; choose another --out", file.display()))
    }
}

impl SolveTimes {
    fn of(solves: &[Duration]) -> Self {
        let mut times: Vec<f64> = solves.iter().map(|time| 1e3 * time.as_secs_f64()).collect();
        times.sort_by(f64::total_cmp);
        let at = |index: usize| times.get(index).copied().unwrap_or_default();
        Self {
            median: at(times.len().saturating_sub(1) / 2),
            max: at(times.len().saturating_sub(1)),
        }
    }
}

fn kwh(wh: u64) -> f64 {
    wh as f64 / 1e3
}

/// `Σ(R_b − R_s)·p` of the final trades (µ).
fn welfare(problem: &Problem, outcome: &Outcome) -> f64 {
    let price = |id| problem.full.offers.get(&id).map_or(0, |offer| offer.price);
    let worth = outcome.trades.iter().map(|trade| {
        let spread = price(trade.buyer).saturating_sub(price(trade.seller));
        u128::from(trade.energy) * u128::from(spread)
    });
    worth.sum::<u128>() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occur() {
        let times = |upto| (1..=upto).rev().map(|at| (1, Duration::from_secs(at)));
        let expected = Percentiles {
            p50: 100.0,
            p99: 198.0,
        };
        assert_eq!(Percentiles::of(times(200)), Some(expected));
        let one = Percentiles { p50: 1.0, p99: 1.0 };
        assert_eq!(Percentiles::of(times(1)), Some(one));
        assert_eq!(Percentiles::of(times(0)), None);
    }

    #[test]
    fn a_wait_counts_as_often_as_it_is_weighted() {
        let times = [(1, 9), (98, 2), (0, 10), (1, 5)];
        let times = times.map(|(weight, time)| (weight, Duration::from_secs(time)));
        let expected = Percentiles { p50: 2.0, p99: 5.0 };
        assert_eq!(Percentiles::of(times), Some(expected));
    }

    #[test]
    fn the_median_is_the_lower_one_of_two() {
        let times = [4, 1, 3, 2].map(Duration::from_millis);
        let expected = SolveTimes {
            median: 2.0,
            max: 4.0,
        };
        assert_eq!(SolveTimes::of(&times), expected);
        let none = SolveTimes {
            median: 0.0,
            max: 0.0,
        };
        assert_eq!(SolveTimes::of(&[]), none);
    }
}
