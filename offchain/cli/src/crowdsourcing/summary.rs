//! `summary.json` of a crowdsourced day, and the closing table.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_model::crowdsourcing::{Crowd, CrowdsourceeKind};
use gridweave_types::crowdsourcing::{TaskResponse, TaskState};
use serde::Serialize;

use super::day::Prediction;
use super::outcome::Outcome;
use crate::run::problem::Problem;

/// µ of a currency unit.
const MICRO: f64 = 1e6;

/// The figures of a day. Money in currency, prices in currency per MWh.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Scenario name.
    pub scenario: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Cost of the equilibrium C(1).
    pub central_cost: f64,
    /// Executed cost of the coordinator's schedule against it, relative.
    pub admm_cost_gap: Option<f64>,
    /// Crowdsourcees of Type 1.
    pub type1: usize,
    /// Crowdsourcees of Type 2.
    pub type2: usize,
    /// Tasks offered.
    pub tasks: usize,
    /// Of these, accepted as offered.
    pub accepted_first: usize,
    /// Accepted after a raise.
    pub accepted_after_raise: usize,
    /// Neither.
    pub declined: usize,
    /// Energy that generators supplemented.
    pub supplemented_kwh: f64,
    /// Energy that was short.
    pub shortage_kwh: f64,
    /// How much of it was met, by feeder and interval.
    pub shortage_met_pct: f64,
    /// Budget of the day.
    pub budget: f64,
    /// Incentives paid.
    pub spent: f64,
    /// Spent or promised beyond a budget of a feeder and interval, summed.
    pub budget_overrun: f64,
    /// Mean incentive of the accepted tasks of each interval; `null` without any.
    pub incentive_mean_by_hour: Vec<Option<f64>>,
    /// Largest relative distance of a linearised C(2) from its offers.
    pub rlt_gap: f64,
    /// Expected share of first offers accepted, less the share that was (absolute).
    pub acceptance_prediction_error: Option<f64>,
    /// Statements of the programme.
    pub statements: usize,
    /// Money that is not accounted for (µ): of the bills, and between statements and budget account.
    pub conservation_error: u128,
    /// Differences that the audit found.
    pub audit_differences: u64,
    /// Wall time (seconds).
    pub wall_seconds: f64,
}

impl Summary {
    /// The figures of `outcome`.
    pub fn new(problem: &Problem, crowd: &Crowd, outcome: &Outcome) -> Self {
        let of_type2 = |who: &&gridweave_model::crowdsourcing::Crowdsourcee| {
            matches!(who.kind, CrowdsourceeKind::Type2 { .. })
        };
        let type2 = crowd.crowdsourcees.iter().filter(of_type2).count();
        let accepted: Vec<_> = outcome
            .tasks
            .iter()
            .filter(|task| is_accepted(task))
            .collect();
        let first = accepted.iter().filter(|task| task.round == 0).count();
        let (short, met) = shortage(outcome);
        let ledger = &outcome.ledger;
        let overrun = outcome.budgets.iter().flatten().map(|row| {
            let spent = row.reserved.u128() + row.committed.u128() + row.paid.u128();
            spent.saturating_sub(row.budget.u128())
        });
        let supplemented = outcome.budgets.iter().flatten();
        let supplemented: i64 = supplemented.map(|row| row.supplemented.i64()).sum();
        Self {
            scenario: problem.name.clone(),
            seed: problem.seed,
            central_cost: outcome.central.cost,
            admm_cost_gap: outcome.admm_gap,
            type1: crowd.crowdsourcees.len() - type2,
            type2,
            tasks: outcome.tasks.len(),
            accepted_first: first,
            accepted_after_raise: accepted.len() - first,
            declined: outcome.tasks.len() - accepted.len(),
            supplemented_kwh: supplemented as f64 / 1e3,
            shortage_kwh: short as f64 / 1e3,
            shortage_met_pct: if short > 0 {
                100.0 * met as f64 / short as f64
            } else {
                100.0
            },
            budget: ledger.budget.u128() as f64 / MICRO,
            spent: ledger.totals.paid.u128() as f64 / MICRO,
            budget_overrun: overrun.sum::<u128>() as f64 / MICRO,
            incentive_mean_by_hour: incentives(problem, outcome),
            rlt_gap: outcome.lived.relaxation_gap,
            acceptance_prediction_error: prediction_error(&outcome.lived.predictions),
            statements: outcome.statements.len(),
            conservation_error: outcome.bills.totals.conservation_error + statement_error(outcome),
            audit_differences: outcome.audit.findings.differences,
            wall_seconds: outcome.wall.as_secs_f64(),
        }
    }

    /// Writes `summary.json` into `folder`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let file = folder.join("summary.json");
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&file, text + "\n")
            .with_context(|| format!("{} cannot be written; choose another --out", file.display()))
    }
}

/// Whether a task was accepted, settled or not.
pub fn is_accepted(task: &TaskResponse) -> bool {
    matches!(task.state, TaskState::Accepted | TaskState::Settled)
}

/// Energy that was short, and how much of it was met where and when it was (Wh).
fn shortage(outcome: &Outcome) -> (u64, u64) {
    let rows = outcome.plan.shortage.iter().zip(&outcome.budgets);
    let cells = rows.flat_map(|(short, budgets)| short.iter().zip(budgets));
    cells.fold((0, 0), |(all, met), (&short, budget)| {
        let covered = budget.accepted.i64() + budget.supplemented.i64();
        (all + short, met + short.min(covered.max(0).unsigned_abs()))
    })
}

/// Mean incentive of accepted tasks by interval (currency per MWh).
fn incentives(problem: &Problem, outcome: &Outcome) -> Vec<Option<f64>> {
    let mean = |t: usize| {
        let at = outcome.first + t as u32;
        let tasks = outcome
            .tasks
            .iter()
            .filter(|task| task.interval == at && is_accepted(task));
        let values: Vec<f64> = tasks
            .map(|task| task.incentive.u64() as f64 / 1e3)
            .collect();
        let sum: f64 = values.iter().sum();
        (!values.is_empty()).then(|| sum / values.len() as f64)
    };
    (0..problem.instance.horizon).map(mean).collect()
}

fn prediction_error(predictions: &[Prediction]) -> Option<f64> {
    let count = predictions.len() as f64;
    let expected: f64 = predictions.iter().map(|row| row.expected).sum();
    let accepted = predictions.iter().filter(|row| row.accepted).count() as f64;
    (count > 0.0).then(|| (expected - accepted).abs() / count)
}

/// Between what statements say was paid and what the budget account says (µ).
fn statement_error(outcome: &Outcome) -> u128 {
    let paid = outcome.statements.iter().map(|row| row.totals.paid.u128());
    paid.sum::<u128>()
        .abs_diff(outcome.ledger.totals.paid.u128())
}

/// The closing table.
pub fn table(summary: &Summary, folder: &Path) -> String {
    let gap = summary
        .admm_cost_gap
        .map_or("none".into(), |gap| format!("{:.4} %", 100.0 * gap));
    let error = summary.acceptance_prediction_error;
    let error = error.map_or("none".into(), |error| format!("{:.1} %", 100.0 * error));
    let rows = [
        (
            "scenario",
            format!("{}, seed {}", summary.scenario, summary.seed),
        ),
        ("equilibrium cost", format!("{:.2}", summary.central_cost)),
        ("coordinator's gap to it", gap),
        (
            "crowdsourcees",
            format!("{} of Type 1, {} of Type 2", summary.type1, summary.type2),
        ),
        (
            "tasks",
            format!(
                "{}: {} accepted at once, {} after raises, {} not",
                summary.tasks,
                summary.accepted_first,
                summary.accepted_after_raise,
                summary.declined
            ),
        ),
        (
            "shortage",
            format!(
                "{:.1} kWh, {:.1} % met, {:.1} kWh by supplement",
                summary.shortage_kwh, summary.shortage_met_pct, summary.supplemented_kwh
            ),
        ),
        (
            "budget / spent",
            format!("{:.2} / {:.2}", summary.budget, summary.spent),
        ),
        ("budget overrun", format!("{:.2}", summary.budget_overrun)),
        ("linearisation gap", format!("{:.1e}", summary.rlt_gap)),
        ("prediction error", error),
        ("statements", summary.statements.to_string()),
        (
            "conservation error",
            format!("{} µ", summary.conservation_error),
        ),
        (
            "audit",
            format!("{} differences", summary.audit_differences),
        ),
        ("wall time", format!("{:.1} s", summary.wall_seconds)),
        ("results", folder.display().to_string()),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<27} {value}");
    }
    text
}
