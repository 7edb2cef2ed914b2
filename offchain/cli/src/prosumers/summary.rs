//! `summary.json` of a community.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_types::coordinator::StopReason;
use serde::Serialize;

use super::outcome::{Outcome, Trading, demand_response, peak};
use super::privacy::{Leaks, leaks};
use super::problem::Problem;
use super::rolling::RollingFigures;
use crate::live::ChainFigures;
use crate::run::bills::Totals;

/// Gaps for which the rounds are counted.
const GAPS: [(&str, f64); 2] = [("1e-2", 1e-2), ("1e-3", 1e-3)];

/// What the homes save against staying alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Savings {
    /// All together.
    pub total: f64,
    /// The one that saves least.
    pub min: f64,
    /// The one that saves most.
    pub max: f64,
}

/// The figures of a run. Costs in the scenario's currency, gaps relative.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Scenario name.
    pub scenario: String,
    /// Seed of devices, forecasts and meters.
    pub seed: u64,
    /// How homes traded: `pool`, `rolling` or `pairwise`.
    pub trading: &'static str,
    /// Who may trade with whom, pairwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graph: Option<String>,
    /// Homes.
    pub homes: usize,
    /// Intervals.
    pub horizon: usize,
    /// Rounds closed; all sessions together.
    pub rounds: usize,
    /// Why the (last) session ended.
    pub stop_reason: Option<StopReason>,
    /// First round whose plan is within, both in cost and in balance; `null` for none.
    pub rounds_to: BTreeMap<&'static str, Option<u32>>,
    /// Cost of all homes with trade.
    pub cost_total: f64,
    /// Optimum of all homes' problems in one; `null` where it is too large.
    pub cost_central: Option<f64>,
    /// What a file expects of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_cost_central: Option<f64>,
    /// `(cost_total − cost_central)/cost_central`.
    pub cost_gap: Option<f64>,
    /// Gap that the contract certifies without knowing the optimum.
    pub certified_gap: Option<f64>,
    /// Imbalance of what is executed relative to its volume.
    pub imbalance_rel: f64,
    /// Cost of all homes alone, with feed-in and demand response.
    pub cost_without_trade: f64,
    /// What a file expects of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_cost_without_trade: Option<f64>,
    /// Cost of all homes alone, without feed-in and demand response.
    pub cost_bare: f64,
    /// Savings in percent of the costs without trade, payments included.
    pub savings_pct: Savings,
    /// Homes that pay more than alone, by more than 10⁻⁶ of it.
    pub homes_worse_off: usize,
    /// Side payments to homes that would have lost, together.
    pub side_payments: f64,
    /// Energy traded.
    pub traded_kwh: f64,
    /// Energy fed in.
    pub feed_in_kwh: f64,
    /// Demand response; what homes buy above their baselines is subtracted.
    pub dr_kwh: f64,
    /// The same if nobody trades.
    pub dr_kwh_alone: f64,
    /// Highest purchase of all homes together, alone.
    pub peak_kw_before: f64,
    /// The same with trade.
    pub peak_kw_after: f64,
    /// Bytes of an answer as it is sent.
    pub bytes_per_agent_round: f64,
    /// Seconds of local problems and of the chain in a round.
    pub round_s: f64,
    /// The same for each home (ms).
    pub home_round_ms: f64,
    /// What the chain shows of the homes' loads.
    pub privacy: Leaks,
    /// Rolling operation.
    #[serde(flatten)]
    pub rolling: Option<RollingFigures>,
    /// What the metered days came to.
    #[serde(flatten)]
    pub bills: Option<Totals>,
    /// What an audit of the events found wrong with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_differences: Option<u64>,
    /// What it took on a real chain.
    #[serde(flatten)]
    pub chain: Option<ChainFigures>,
    /// SHA-256 over the contracts' final state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<String>,
    /// Bytes of that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_bytes: Option<usize>,
    /// Seconds of wall time.
    pub wall_s: f64,
}

impl Summary {
    /// The summary of a run.
    pub fn new(problem: &Problem, outcome: &Outcome) -> Self {
        let community = &problem.community;
        let reference = &outcome.reference;
        let central = reference.central.as_ref().map(|central| central.cost);
        let cost = outcome.cost();
        let expected = problem.expected.as_ref();
        let rounds = outcome.rounds.len();
        let work = outcome.timings.solve + outcome.timings.chain;
        let round_s = work.as_secs_f64() / rounds.max(1) as f64;
        let homes = community.homes.len();
        let energy = |of: fn(&gridweave_model::prosumers::HomeSchedule) -> &Vec<f64>| {
            let powers = outcome.schedules().flat_map(of);
            community.interval_hours * powers.map(|p| p.max(0.0)).sum::<f64>()
        };
        let (trading, graph) = match outcome.trading {
            Trading::Pool => ("pool", None),
            Trading::Rolling(_) => ("rolling", None),
            Trading::Pairwise(graph) => ("pairwise", Some(format!("{graph:?}").to_lowercase())),
        };
        Self {
            scenario: problem.name.clone(),
            seed: problem.seed,
            trading,
            graph,
            homes,
            horizon: community.horizon,
            rounds,
            stop_reason: outcome.stop_reason,
            rounds_to: rounds_to(outcome, central),
            cost_total: cost,
            cost_central: central,
            expected_cost_central: expected.map(|expected| expected.central_cost),
            cost_gap: central.map(|optimum| (cost - optimum) / optimum.abs()),
            certified_gap: outcome.rounds.last().and_then(|round| round.certified_gap),
            imbalance_rel: outcome.imbalance(),
            cost_without_trade: reference.cost_alone(),
            expected_cost_without_trade: expected.map(|expected| expected.cost_without_trade),
            cost_bare: reference.bare.iter().sum(),
            savings_pct: savings(outcome),
            homes_worse_off: (0..homes)
                .filter(|&at| outcome.saving_of(at) < -1e-6)
                .count(),
            side_payments: outcome.side.iter().map(|side| side.max(0.0)).sum(),
            traded_kwh: energy(|schedule| &schedule.trade),
            feed_in_kwh: energy(|schedule| &schedule.feed_in),
            dr_kwh: demand_response(community, outcome.schedules()),
            dr_kwh_alone: demand_response(
                community,
                reference.alone.iter().map(|home| &home.schedule),
            ),
            peak_kw_before: peak(community, reference.alone.iter().map(|home| &home.schedule)),
            peak_kw_after: peak(community, outcome.schedules()),
            bytes_per_agent_round: outcome.timings.bytes as f64
                / outcome.timings.messages.max(1) as f64,
            round_s,
            home_round_ms: 1e3 * round_s / homes as f64,
            privacy: Leaks::of(&leaks(problem, outcome)),
            rolling: outcome.rolling.clone(),
            bills: outcome.bills.as_ref().map(|bills| bills.totals),
            audit_differences: outcome
                .audit
                .as_ref()
                .map(|audit| audit.findings.differences),
            chain: outcome.chain.clone(),
            state_hash: outcome.state.as_ref().map(|state| state.hash.clone()),
            state_bytes: outcome.state.as_ref().map(|state| state.bytes),
            wall_s: outcome.wall.as_secs_f64(),
        }
    }
}

/// Writes `summary.json` into `folder`.
///
/// # Errors
/// The file cannot be written.
pub fn write_json(folder: &Path, summary: &impl Serialize) -> Result<()> {
    let path = folder.join("summary.json");
    let mut text = serde_json::to_string_pretty(summary).context("summary")?;
    text.push('\n');
    std::fs::write(&path, text)
        .with_context(|| format!("{} cannot be written; choose another --out", path.display()))
}

fn savings(outcome: &Outcome) -> Savings {
    let alone = outcome.reference.cost_alone();
    let each = (0..outcome.homes.len()).map(|at| 100.0 * outcome.saving_of(at));
    Savings {
        total: 100.0 * (alone - outcome.cost()) / alone.abs().max(1e-9),
        min: each.clone().fold(f64::INFINITY, f64::min),
        max: each.fold(f64::NEG_INFINITY, f64::max),
    }
}

/// Rounds whose plan is within each gap of the optimum, and balanced as well.
///
/// A plan of a pool is balanced by its rule, and the contract knows its cost once all homes have
/// confirmed it, one round later; the best so far counts. Plans of other sessions are judged round
/// by round, and have to stay within.
fn rounds_to(outcome: &Outcome, optimum: Option<f64>) -> BTreeMap<&'static str, Option<u32>> {
    let found = |limit: f64| {
        let optimum = optimum?;
        let within = |cost: f64| (cost - optimum) / optimum.abs() <= limit;
        if outcome.judged.is_empty() {
            let mut rounds = outcome.rounds.iter();
            let confirmed = rounds.find(|round| round.cost.is_some_and(within))?;
            return Some(confirmed.round.saturating_sub(1).max(1));
        }
        let good = |row: &&super::outcome::Judged| within(row.cost) && row.imbalance <= limit;
        let staying = outcome.judged.iter().rev().take_while(good);
        staying.last().map(|row| row.round)
    };
    let single = !matches!(outcome.trading, Trading::Rolling(_));
    GAPS.into_iter()
        .map(|(name, limit)| (name, found(limit).filter(|_| single)))
        .collect()
}
