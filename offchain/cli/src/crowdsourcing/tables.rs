//! CSV files of crowdsourced days.

use std::path::Path;

use anyhow::Result;
use gridweave_types::crowdsourcing::Ledger;

use super::figures::DayFigures;
use super::outcome::Outcome;
use crate::report::{write_bills, write_csv};

/// Writes `days.csv`, `tasks.csv`, `budgets.csv`, `statements.csv` and `bills.csv`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_all(folder: &Path, outcome: &Outcome) -> Result<()> {
    write_csv(&folder.join("days.csv"), &DAYS, days(outcome))?;
    write_csv(&folder.join("tasks.csv"), &TASKS, tasks(outcome))?;
    write_csv(&folder.join("budgets.csv"), &BUDGETS, budgets(outcome))?;
    write_csv(
        &folder.join("statements.csv"),
        &STATEMENTS,
        statements(outcome),
    )?;
    write_bills(folder, &outcome.bills)
}

const TASKS: [&str; 11] = [
    "day",
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
    let all = outcome.days.iter();
    let all = all.flat_map(|day| day.tasks.iter().map(move |task| (day, task)));
    all.map(|(day, task)| {
        vec![
            day.date.day.to_string(),
            task.task.to_string(),
            name(outcome, task.account.as_str()),
            task.feeder.to_string(),
            (task.interval - day.date.first).to_string(),
            task.energy.to_string(),
            task.price.to_string(),
            task.incentive.to_string(),
            task.round.to_string(),
            format!("{:?}", task.state).to_lowercase(),
            task.paid.to_string(),
        ]
    })
}

const BUDGETS: [&str; 8] = [
    "day",
    "feeder",
    "interval",
    "shortage_wh",
    "accepted_wh",
    "supplemented_wh",
    "budget_micro",
    "paid_micro",
];

fn budgets(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    outcome.days.iter().flat_map(|day| {
        let rows = day.budgets.iter().zip(&day.plan.shortage);
        let cells = rows.flat_map(|(budgets, shortages)| budgets.iter().zip(shortages));
        cells.map(|(budget, shortage)| {
            vec![
                day.date.day.to_string(),
                budget.feeder.to_string(),
                (budget.interval - day.date.first).to_string(),
                shortage.to_string(),
                budget.accepted.to_string(),
                budget.supplemented.to_string(),
                budget.budget.to_string(),
                budget.paid.to_string(),
            ]
        })
    })
}

const STATEMENTS: [&str; 10] = [
    "ledger",
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

/// Those of programmes, then of weeks, then of months.
fn statements(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    let programmes = outcome.days.iter().map(|day| &day.account);
    let all = programmes.chain(&outcome.periods);
    all.flat_map(|account| &account.statements).map(|row| {
        let totals = &row.totals;
        vec![
            ledger(row.ledger),
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

const DAYS: [&str; 15] = [
    "day",
    "shortage_wh",
    "met_wh",
    "surplus_wh",
    "absorbed_wh",
    "crowd_wh",
    "supplemented_wh",
    "tasks",
    "accepted_first",
    "accepted_after_raise",
    "declined",
    "budget_micro",
    "spent_micro",
    "spent_per_mwh",
    "prediction_error",
];

fn days(outcome: &Outcome) -> impl Iterator<Item = Vec<String>> + '_ {
    outcome.days.iter().map(|day| {
        let figures = DayFigures::of(day);
        let accepted = figures.accepted_first + figures.accepted_after_raise;
        let number =
            |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
        vec![
            day.date.day.to_string(),
            figures.shortage_wh.to_string(),
            figures.met_wh.to_string(),
            figures.surplus_wh.to_string(),
            figures.absorbed_wh.to_string(),
            figures.crowd_wh.to_string(),
            figures.supplemented_wh.to_string(),
            figures.tasks.to_string(),
            figures.accepted_first.to_string(),
            figures.accepted_after_raise.to_string(),
            (figures.tasks - accepted).to_string(),
            figures.budget.to_string(),
            figures.spent.to_string(),
            number(figures.per_mwh()),
            number(figures.prediction_error()),
        ]
    })
}

/// A ledger in words.
fn ledger(ledger: Ledger) -> String {
    match ledger {
        Ledger::Programme { programme } => format!("programme {programme}"),
        Ledger::Week { week } => format!("week {week}"),
        Ledger::Month { month } => format!("month {month}"),
    }
}

fn name(outcome: &Outcome, address: &str) -> String {
    let known = outcome.names.get(address);
    known.cloned().unwrap_or_else(|| address.into())
}
