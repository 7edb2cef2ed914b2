//! `summary.json` of crowdsourced days, and the closing table.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use gridweave_model::crowdsourcing::{Crowd, CrowdsourceeKind};
use gridweave_types::crowdsourcing::Ledger;
use serde::Serialize;

use super::books::Account;
use super::figures::{DayFigures, mean_incentive};
use super::outcome::Outcome;
use crate::live::crowd::LiveFigures;
use crate::run::problem::Problem;

/// µ of a currency unit.
const MICRO: f64 = 1e6;

/// The figures of a run. Money in currency, prices in currency per MWh.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Scenario name.
    pub scenario: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Days run one after another; sums are over all of them.
    pub days: usize,
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
    /// Energy that was too much.
    pub surplus_kwh: f64,
    /// How much of it was absorbed by crowd and generators; `null` without any.
    pub surplus_absorbed_pct: Option<f64>,
    /// Budget of all days.
    pub budget: f64,
    /// Incentives paid.
    pub spent: f64,
    /// Incentives per MWh that the crowd promised; `null` without any.
    pub spent_per_mwh: Option<f64>,
    /// Spent or promised beyond a budget of a feeder and interval, summed.
    pub budget_overrun: f64,
    /// Mean incentive of the accepted tasks of each interval; `null` without any.
    pub incentive_mean_by_hour: Vec<Option<f64>>,
    /// Largest relative distance of a linearised C(2) from its offers.
    pub rlt_gap: f64,
    /// Expected share of first offers accepted, less the share that was (absolute).
    pub acceptance_prediction_error: Option<f64>,
    /// Statements of the programmes.
    pub statements: usize,
    /// Weeks and months reconciled.
    pub periods: usize,
    /// Money that is not accounted for (µ): of the bills, between statements and their budget account,
    /// and between programmes, weeks and months.
    pub conservation_error: u128,
    /// Differences that the audit found.
    pub audit_differences: u64,
    /// What it took on a real chain.
    #[serde(flatten)]
    pub chain: Option<LiveFigures>,
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
        let all = &DayFigures::of_all(&outcome.days);
        Self {
            scenario: problem.name.clone(),
            seed: problem.seed,
            days: outcome.days.len(),
            central_cost: outcome.central.cost,
            admm_cost_gap: outcome.admm_gap,
            type1: crowd.crowdsourcees.len() - type2,
            type2,
            tasks: all.tasks,
            accepted_first: all.accepted_first,
            accepted_after_raise: all.accepted_after_raise,
            declined: all.tasks - all.accepted_first - all.accepted_after_raise,
            supplemented_kwh: all.supplemented_wh as f64 / 1e3,
            shortage_kwh: all.shortage_wh as f64 / 1e3,
            shortage_met_pct: all.met_pct(),
            surplus_kwh: all.surplus_wh as f64 / 1e3,
            surplus_absorbed_pct: all.absorbed_pct(),
            budget: all.budget as f64 / MICRO,
            spent: all.spent as f64 / MICRO,
            spent_per_mwh: all.per_mwh(),
            budget_overrun: all.overrun as f64 / MICRO,
            incentive_mean_by_hour: incentives(problem, outcome),
            rlt_gap: all.relaxation_gap,
            acceptance_prediction_error: all.prediction_error(),
            statements: outcome
                .days
                .iter()
                .map(|day| day.account.statements.len())
                .sum(),
            periods: outcome.periods.len(),
            conservation_error: outcome.bills.totals.conservation_error + account_error(outcome),
            audit_differences: outcome.audit.findings.differences,
            chain: outcome.chain.clone(),
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

/// Mean incentive of accepted tasks by interval (currency per MWh).
fn incentives(problem: &Problem, outcome: &Outcome) -> Vec<Option<f64>> {
    let mean = |t: usize| {
        let days = outcome.days.iter();
        mean_incentive(days.flat_map(|day| day.accepted_at(t)))
    };
    (0..problem.instance.horizon).map(mean).collect()
}

/// Between what statements say was paid and what their account says, and between what the programmes,
/// the weeks and the months say (µ).
fn account_error(outcome: &Outcome) -> u128 {
    let programmes: Vec<&Account> = outcome.days.iter().map(|day| &day.account).collect();
    let of = |wanted: fn(&Ledger) -> bool| -> Vec<&Account> {
        let periods = outcome.periods.iter();
        periods
            .filter(|period| wanted(&period.ledger.ledger))
            .collect()
    };
    let weeks = of(|ledger| matches!(ledger, Ledger::Week { .. }));
    let months = of(|ledger| matches!(ledger, Ledger::Month { .. }));
    let paid = |accounts: &[&Account]| -> u128 {
        accounts
            .iter()
            .map(|account| account.ledger.totals.paid.u128())
            .sum()
    };
    let own = |account: &&Account| {
        let statements = account.statements.iter();
        let sum: u128 = statements.map(|row| row.totals.paid.u128()).sum();
        sum.abs_diff(account.ledger.totals.paid.u128())
    };
    let all = programmes.iter().chain(&weeks).chain(&months);
    // On a real chain a day ends long before its week.
    let between = |periods: &[&Account]| match periods {
        [] => 0,
        periods => paid(&programmes).abs_diff(paid(periods)),
    };
    all.map(own).sum::<u128>() + between(&weeks) + between(&months)
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
            "surplus",
            match summary.surplus_absorbed_pct {
                Some(share) => format!("{:.1} kWh, {share:.1} % absorbed", summary.surplus_kwh),
                None => "none".into(),
            },
        ),
        (
            "budget / spent",
            format!("{:.2} / {:.2}", summary.budget, summary.spent),
        ),
        ("budget overrun", format!("{:.2}", summary.budget_overrun)),
        ("linearisation gap", format!("{:.1e}", summary.rlt_gap)),
        ("prediction error", error),
        (
            "statements",
            format!(
                "{}, in {} programmes and {} weeks and months",
                summary.statements, summary.days, summary.periods
            ),
        ),
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
    let chain = summary.chain.as_ref().map(|chain| {
        let LiveFigures {
            chain_id,
            processes,
            tx_total,
            tx_failed,
            gas_total,
        } = chain;
        let text = format!(
            "{chain_id}: {processes} processes, {tx_total} transactions, {tx_failed} failed, gas {gas_total}"
        );
        ("chain", text)
    });
    let mut text = String::new();
    for (name, value) in chain.into_iter().chain(rows) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<27} {value}");
    }
    text
}
