//! `summary.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_agents::fixed::to_f64;
use gridweave_model::SessionMode;
use gridweave_optim::EXACT_GAP;
use gridweave_types::coordinator::{Phase, StopReason};
use serde::Serialize;

use crate::live::ChainFigures;
use crate::run::bills::Totals;
use crate::run::outcome::{JudgedRound, Outcome};
use crate::run::problem::Problem;

/// Gaps for which the rounds are counted.
const GAPS: [(&str, f64); 3] = [("0.4%", 4e-3), ("0.1%", 1e-3), ("0.01%", 1e-4)];

/// The figures of a run. Costs in the scenario's currency, voltages per unit, gaps relative.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Scenario name.
    pub scenario: String,
    /// Seed of placement and faults.
    pub seed: u64,
    /// Coupling mode.
    pub mode: SessionMode,
    /// Whether the contract enforced voltage limits.
    pub voltage: bool,
    /// Participants.
    pub agents: usize,
    /// Intervals.
    pub horizon: usize,
    /// Rounds closed.
    pub rounds: usize,
    /// Whether the stop rule was met.
    pub converged: bool,
    /// Why the session ended.
    pub stop_reason: Option<StopReason>,
    /// Last `‖r‖₂` of M(18).
    pub primal_residual: Option<f64>,
    /// Last `‖s‖₂` of M(18).
    pub dual_residual: Option<f64>,
    /// Cost of executing the final schedule on the AC network.
    pub cost: f64,
    /// Cost of the final schedule as the contract computes it (exchange modes).
    pub promised_cost: Option<f64>,
    /// Cost of the central optimum; `null` when there is none.
    pub central_cost: Option<f64>,
    /// `(cost − central_cost)/central_cost`.
    pub cost_gap: Option<f64>,
    /// Gap that the contract certifies without knowing the optimum.
    pub certified_gap: Option<f64>,
    /// Rounds after which the executed cost stays within; `null` for never.
    pub rounds_to_gap: BTreeMap<&'static str, Option<u32>>,
    /// What a golden file expects of `central_cost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_central_cost: Option<f64>,
    /// What a golden file expects of `rounds_to_gap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_rounds_to_gap: Option<BTreeMap<&'static str, Option<u32>>>,
    /// Lowest voltage magnitude.
    pub voltage_min_pu: f64,
    /// Highest voltage magnitude.
    pub voltage_max_pu: f64,
    /// Largest distance outside the limits.
    pub voltage_violation_pu: f64,
    /// Whether the central relaxation M(2) is exact.
    pub relaxation_exact: Option<bool>,
    /// How far it is from exact.
    pub relaxation_gap: Option<f64>,
    /// Largest relative difference of prices from the central duals.
    pub dlmp_max_rel_error: Option<f64>,
    /// Relative cost of whole starts of deferrable loads, all else kept.
    pub deferrable_rounding_kept: Option<f64>,
    /// The same with all else optimised again.
    pub deferrable_rounding_reoptimised: Option<f64>,
    /// Iterates missed.
    pub missed: u32,
    /// Iterates rejected.
    pub rejected: u32,
    /// Participants replaced by their baseline.
    pub replaced: u32,
    /// SHA-256 over the scheduled injections and the prices: the same on every chain.
    pub plan_hash: String,
    /// What the metered day came to.
    #[serde(flatten)]
    pub bills: Option<Totals>,
    /// What an audit of the events found wrong with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_differences: Option<u64>,
    /// SHA-256 over the contracts' final state (embedded chain).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<String>,
    /// Bytes of that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_bytes: Option<usize>,
    /// What a real chain took for it.
    #[serde(flatten)]
    pub chain: Option<ChainFigures>,
    /// Seconds of wall time.
    pub wall_s: f64,
}

impl Summary {
    /// The summary of a run.
    pub fn new(problem: &Problem, outcome: &Outcome) -> Self {
        let last = outcome.rounds.last().map(|row| &row.round);
        let central = outcome.central.as_ref();
        let central_cost = central.map(|central| central.cost);
        let expected = problem.expected.as_ref();
        let status = &outcome.status;
        let execution = &outcome.verdict.execution;
        let cost = outcome.verdict.cost;
        Self {
            scenario: problem.name.clone(),
            seed: problem.seed,
            mode: problem.options.mode,
            voltage: problem.options.voltage.unwrap_or(false),
            agents: outcome.agents,
            horizon: problem.instance.horizon,
            rounds: outcome.rounds.len(),
            converged: status.phase == Phase::Converged,
            stop_reason: status.stop_reason,
            primal_residual: last.map(|round| round.primal),
            dual_residual: last.map(|round| round.dual),
            cost,
            promised_cost: status.cost.map(to_f64),
            central_cost,
            cost_gap: central_cost.map(|optimum| (cost - optimum) / optimum),
            certified_gap: outcome.certified_gap,
            rounds_to_gap: rounds_to_gap(&outcome.rounds),
            expected_central_cost: expected.map(|expected| expected.central_cost),
            expected_rounds_to_gap: expected
                .and_then(|expected| expected.rounds_to_gap)
                .map(|rounds| names().zip(rounds).collect()),
            voltage_min_pu: execution.v_min,
            voltage_max_pu: execution.v_max,
            voltage_violation_pu: execution.violation,
            relaxation_exact: central.map(|central| central.relaxation_gap <= EXACT_GAP),
            relaxation_gap: central.map(|central| central.relaxation_gap),
            dlmp_max_rel_error: outcome.dlmp_error,
            deferrable_rounding_kept: outcome.rounding.map(|cost| cost.kept),
            deferrable_rounding_reoptimised: outcome.rounding.map(|cost| cost.reoptimised),
            missed: status.missed,
            rejected: status.rejected,
            replaced: status.replaced,
            plan_hash: outcome.plan_hash.clone(),
            bills: outcome.bills.as_ref().map(|bills| bills.totals),
            audit_differences: outcome
                .audit
                .as_ref()
                .map(|audit| audit.findings.differences),
            state_hash: outcome.state.as_ref().map(|state| state.hash.clone()),
            state_bytes: outcome.state.as_ref().map(|state| state.bytes),
            chain: outcome.chain.clone(),
            wall_s: outcome.wall.as_secs_f64(),
        }
    }

    /// Writes `summary.json` into `folder`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join("summary.json");
        let mut text = serde_json::to_string_pretty(self).context("summary")?;
        text.push('\n');
        std::fs::write(&path, text)
            .with_context(|| format!("{} cannot be written; choose another --out", path.display()))
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    GAPS.into_iter().map(|(name, _)| name)
}

fn rounds_to_gap(rounds: &[JudgedRound]) -> BTreeMap<&'static str, Option<u32>> {
    GAPS.into_iter()
        .map(|(name, limit)| (name, first_staying_within(rounds, limit)))
        .collect()
}

/// The first round from which on every schedule is within `limit` of the optimum.
fn first_staying_within(rounds: &[JudgedRound], limit: f64) -> Option<u32> {
    let within = |row: &&JudgedRound| row.gap.is_some_and(|gap| gap.abs() <= limit);
    let staying = rounds.iter().rev().take_while(within);
    staying.last().map(|row| row.round.round)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::rounds::Round;

    fn rounds(gaps: &[f64]) -> Vec<JudgedRound> {
        let numbered = gaps.iter().zip(1..);
        numbered
            .map(|(&gap, round)| JudgedRound {
                round: Round {
                    round,
                    received: 0,
                    missed: 0,
                    primal: 0.0,
                    dual: 0.0,
                    rho: 1.0,
                    chain_cost: None,
                    certified_gap: None,
                    schedule: Vec::new(),
                },
                cost: 1.0,
                gap: Some(gap),
                v_min: 1.0,
                violation: 0.0,
            })
            .collect()
    }

    #[test]
    fn a_gap_counts_only_once_it_stays() {
        let rows = rounds(&[0.1, 0.003, 0.005, -0.002, 0.0005]);
        assert_eq!(first_staying_within(&rows, 4e-3), Some(4));
        assert_eq!(first_staying_within(&rows, 1e-3), Some(5));
        assert_eq!(first_staying_within(&rows, 1e-4), None);
        assert_eq!(first_staying_within(&[], 1e-4), None);
    }
}
