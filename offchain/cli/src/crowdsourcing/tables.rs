//! CSV files of a crowdsourced day.

use std::path::Path;

use anyhow::Result;

use super::outcome::Outcome;
use crate::report::{write_bills, write_csv};

/// Writes `tasks.csv`, `budgets.csv`, `statements.csv` and `bills.csv`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_all(folder: &Path, outcome: &Outcome) -> Result<()> {
    write_csv(&folder.join("tasks.csv"), &TASKS, tasks(outcome))?;
    write_csv(&folder.join("budgets.csv"), &BUDGETS, budgets(outcome))?;
    write_csv(
        &folder.join("statements.csv"),
        &STATEMENTS,
        statements(outcome),
    )?;
    write_bills(folder, &outcome.bills)
}

const TASKS: [&str; 10] = [
    "task",
    "account",
    "feeder",
    "interval",
    "energy_wh",
    "price_micro_per_kwh",
    "incentive_micro_per_kwh",
    "round",
    "state",
    "paid_micro",
];

fn tasks(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    outcome.tasks.iter().map(|task| {
        vec![
            task.task.to_string(),
            name(outcome, task.account.as_str()),
            task.feeder.to_string(),
            (task.interval - outcome.first).to_string(),
            task.energy.to_string(),
            task.price.to_string(),
            task.incentive.to_string(),
            task.round.to_string(),
            format!("{:?}", task.state).to_lowercase(),
            task.paid.to_string(),
        ]
    })
}

const BUDGETS: [&str; 7] = [
    "feeder",
    "interval",
    "shortage_wh",
    "accepted_wh",
    "supplemented_wh",
    "budget_micro",
    "paid_micro",
];

fn budgets(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    let rows = outcome.budgets.iter().zip(&outcome.plan.shortage);
    rows.flat_map(|(budgets, shortages)| {
        let cells = budgets.iter().zip(shortages);
        cells.map(|(budget, shortage)| {
            vec![
                budget.feeder.to_string(),
                (budget.interval - outcome.first).to_string(),
                shortage.to_string(),
                budget.accepted.to_string(),
                budget.supplemented.to_string(),
                budget.budget.to_string(),
                budget.paid.to_string(),
            ]
        })
    })
}

const STATEMENTS: [&str; 9] = [
    "account",
    "offered",
    "accepted",
    "declined",
    "expired",
    "delivered_wh",
    "agreed_wh",
    "supplemented_wh",
    "paid_micro",
];

fn statements(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    outcome.statements.iter().map(|row| {
        let totals = &row.totals;
        vec![
            name(outcome, row.account.as_str()),
            totals.offered.to_string(),
            totals.accepted.to_string(),
            totals.declined.to_string(),
            totals.expired.to_string(),
            totals.delivered.to_string(),
            totals.agreed.to_string(),
            totals.supplemented.to_string(),
            totals.paid.to_string(),
        ]
    })
}

fn name(outcome: &Outcome, address: &str) -> String {
    let known = outcome.names.get(address);
    known.cloned().unwrap_or_else(|| address.into())
}
