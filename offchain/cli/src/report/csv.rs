//! The CSV files. Powers per unit of the base (MW in the shipped scenarios); bills in Wh and µ.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_types::billing::{LineResponse, Origin};

use super::schedule;
use crate::run::bills::{Bill, Bills, payments};
use crate::run::outcome::{JudgedRound, Outcome};
use crate::run::problem::Problem;

/// Writes `rounds.csv`, `schedule.csv`, `prices.csv`, `voltages.csv` and, where there are bills,
/// `bills.csv` into `folder`.
pub fn write_all(folder: &Path, problem: &Problem, outcome: &Outcome) -> Result<()> {
    write(
        &folder.join("rounds.csv"),
        &ROUNDS,
        outcome.rounds.iter().map(round_row),
    )?;
    let rows = schedule::rows(&problem.instance, &outcome.verdict, &outcome.devices);
    write(&folder.join("schedule.csv"), &schedule::HEADER, rows)?;
    write(&folder.join("prices.csv"), &PRICES, price_rows(outcome))?;
    write(
        &folder.join("voltages.csv"),
        &VOLTAGES,
        voltage_rows(problem, outcome),
    )?;
    match &outcome.bills {
        Some(bills) => write_bills(folder, bills),
        None => Ok(()),
    }
}

/// Writes `bills.csv` into `folder`.
///
/// # Errors
/// The file cannot be written.
pub fn write_bills(folder: &Path, bills: &Bills) -> Result<()> {
    let rows = bills.lines.iter().map(bill_row);
    write(&folder.join("bills.csv"), &BILLS, rows)
}

const ROUNDS: [&str; 12] = [
    "round",
    "received",
    "missed",
    "primal",
    "dual",
    "rho",
    "chain_cost",
    "ac_cost",
    "gap",
    "certified_gap",
    "v_min_pu",
    "violation_pu",
];
const PRICES: [&str; 6] = ["bus", "interval", "energy", "loss", "voltage", "dlmp"];
const VOLTAGES: [&str; 3] = ["bus", "interval", "voltage_pu"];
const BILLS: [&str; 9] = [
    "account",
    "interval",
    "committed_wh",
    "price",
    "metered_wh",
    "payments",
    "penalty",
    "origin",
    "name",
];

/// Writes a table.
///
/// # Errors
/// The file cannot be written.
pub fn write<R: IntoIterator<Item = String>>(
    path: &Path,
    header: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Result<()> {
    let failed = || format!("{} cannot be written; choose another --out", path.display());
    let mut file = csv::Writer::from_path(path).with_context(failed)?;
    file.write_record(header).with_context(failed)?;
    for row in rows {
        file.write_record(row).with_context(failed)?;
    }
    file.flush().with_context(failed)
}

fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn round_row(row: &JudgedRound) -> [String; 12] {
    let round = &row.round;
    [
        round.round.to_string(),
        round.received.to_string(),
        round.missed.to_string(),
        round.primal.to_string(),
        round.dual.to_string(),
        round.rho.to_string(),
        optional(round.chain_cost),
        row.cost.to_string(),
        optional(row.gap),
        optional(round.certified_gap),
        row.v_min.to_string(),
        row.violation.to_string(),
    ]
}

fn price_rows(outcome: &Outcome) -> impl Iterator<Item = [String; 6]> + '_ {
    outcome.prices.iter().flat_map(|row| {
        let dlmp = row.dlmp();
        (0..dlmp.len()).map(move |t| {
            [
                row.bus.to_string(),
                t.to_string(),
                row.energy[t].to_string(),
                row.loss[t].to_string(),
                row.voltage[t].to_string(),
                dlmp[t].to_string(),
            ]
        })
    })
}

fn bill_row(bill: &Bill) -> [String; 9] {
    let line = &bill.line;
    [
        line.account.to_string(),
        line.interval.to_string(),
        line.energy.to_string(),
        optional(line.low),
        optional(line.metered),
        payments(line).to_string(),
        line.penalty.to_string(),
        origin(line).into(),
        bill.name.clone(),
    ]
}

fn origin(line: &LineResponse) -> &'static str {
    match line.state.origin {
        Origin::None => "none",
        Origin::Meter => "meter",
        Origin::Estimate => "estimate",
        Origin::Operator => "operator",
    }
}

fn voltage_rows<'a>(
    problem: &'a Problem,
    outcome: &'a Outcome,
) -> impl Iterator<Item = [String; 3]> + 'a {
    let buses = problem.instance.network.buses.iter();
    let voltages = &outcome.verdict.execution.voltages;
    buses.zip(voltages).flat_map(|(bus, row)| {
        let cells = row.iter().enumerate();
        cells.map(|(t, voltage)| [bus.id.to_string(), t.to_string(), voltage.to_string()])
    })
}
