//! The CSV files of a community, and the closing table. Powers in kW, energies in kWh, money in
//! currency; bills in Wh and µ.

use std::path::Path;

use anyhow::Result;
use gridweave_model::prosumers::HomeSchedule;

use super::outcome::{Outcome, demand_response};
use super::privacy::{HEADER as LEAKS, Leak, leaks};
use super::problem::Problem;
use super::summary::Summary;
use crate::report::{write_bills, write_csv};

const HOMES: [&str; 14] = [
    "home",
    "cost_bare",
    "cost_alone",
    "cost_with_trade",
    "saving_pct",
    "private_cost",
    "paid_for_trade",
    "side_payment",
    "sold_kwh",
    "bought_kwh",
    "feed_in_kwh",
    "dr_kwh",
    "peak_kw_before",
    "peak_kw_after",
];
const ROUNDS: [&str; 9] = [
    "round",
    "received",
    "missed",
    "left_over_kw",
    "price_step",
    "rho",
    "cost",
    "gap",
    "certified_gap",
];
const JUDGED: [&str; 4] = ["round", "cost", "gap", "imbalance"];
const TRADES: [&str; 6] = [
    "interval",
    "seller",
    "buyer",
    "energy_wh",
    "price_per_kwh",
    "payment",
];
const SCHEDULE: [&str; 13] = [
    "home",
    "interval",
    "grid_kw",
    "demand_response_kw",
    "hvac_kw",
    "temperature_c",
    "shiftable_kw",
    "renewable_kw",
    "feed_in_kw",
    "charge_kw",
    "discharge_kw",
    "stored_kwh",
    "trade_kw",
];
const PRICES: [&str; 3] = ["interval", "price_per_kwh", "energy_charge"];

/// Writes `homes.csv`, `rounds.csv`, `trades.csv`, `schedule.csv`, `prices.csv`, `privacy.csv` and, where
/// there are bills, `bills.csv`; of pairwise sessions `cleared.csv` too.
///
/// # Errors
/// A file cannot be written.
pub fn write_all(folder: &Path, problem: &Problem, outcome: &Outcome) -> Result<()> {
    let homes = (0..outcome.homes.len()).map(|at| home_row(problem, outcome, at));
    write_csv(&folder.join("homes.csv"), &HOMES, homes)?;
    let optimum = outcome.reference.central.as_ref().map(|c| c.cost);
    let gap = |cost: f64| optimum.map(|optimum| (cost - optimum) / optimum.abs());
    let rounds = outcome.rounds.iter().map(|round| {
        [
            round.round.to_string(),
            round.received.to_string(),
            round.missed.to_string(),
            round.primal.to_string(),
            round.dual.to_string(),
            round.rho.to_string(),
            optional(round.cost),
            optional(round.cost.and_then(gap)),
            optional(round.certified_gap),
        ]
    });
    write_csv(&folder.join("rounds.csv"), &ROUNDS, rounds)?;
    if !outcome.judged.is_empty() {
        let rows = outcome.judged.iter().map(|row| {
            [
                row.round.to_string(),
                row.cost.to_string(),
                optional(gap(row.cost)),
                row.imbalance.to_string(),
            ]
        });
        write_csv(&folder.join("cleared.csv"), &JUDGED, rows)?;
    }
    write_csv(
        &folder.join("trades.csv"),
        &TRADES,
        trade_rows(problem, outcome),
    )?;
    write_csv(
        &folder.join("schedule.csv"),
        &SCHEDULE,
        schedule_rows(problem, outcome),
    )?;
    write_csv(
        &folder.join("prices.csv"),
        &PRICES,
        price_rows(problem, outcome),
    )?;
    let leaks = leaks(problem, outcome);
    let rows = leaks.iter().map(Leak::row);
    write_csv(&folder.join("privacy.csv"), &LEAKS, rows)?;
    match &outcome.bills {
        Some(bills) => write_bills(folder, bills),
        None => Ok(()),
    }
}

fn optional(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn home_row(problem: &Problem, outcome: &Outcome, at: usize) -> [String; 14] {
    let hours = problem.community.interval_hours;
    let own = &outcome.homes[at];
    let alone = &outcome.reference.alone[at];
    let energy = |powers: &[f64], sign: f64| {
        let parts = powers.iter().map(|p| (sign * p).max(0.0));
        (hours * parts.sum::<f64>()).to_string()
    };
    let schedule = &own.schedule;
    [
        problem.community.homes[at].home.to_string(),
        outcome.reference.bare[at].to_string(),
        alone.cost.to_string(),
        outcome.cost_of(at).to_string(),
        (100.0 * outcome.saving_of(at)).to_string(),
        own.cost.to_string(),
        outcome.paid[at].to_string(),
        outcome.side[at].to_string(),
        energy(&schedule.trade, 1.0),
        energy(&schedule.trade, -1.0),
        energy(&schedule.feed_in, 1.0),
        demand_response(&problem.community, std::iter::once(schedule)).to_string(),
        alone.schedule.peak().to_string(),
        schedule.peak().to_string(),
    ]
}

fn trade_rows<'a>(
    problem: &'a Problem,
    outcome: &'a Outcome,
) -> impl Iterator<Item = [String; 6]> + 'a {
    let number = |at: usize| problem.community.homes[at].home.to_string();
    outcome.trades.iter().map(move |trade| {
        [
            trade.interval.to_string(),
            number(trade.seller),
            number(trade.buyer),
            trade.energy_wh.to_string(),
            trade.price.to_string(),
            (trade.price * trade.energy_wh as f64 / 1e3).to_string(),
        ]
    })
}

fn schedule_rows<'a>(
    problem: &'a Problem,
    outcome: &'a Outcome,
) -> impl Iterator<Item = Vec<String>> + 'a {
    let homes = problem.community.homes.iter().zip(outcome.schedules());
    homes.flat_map(move |(home, schedule)| {
        let horizon = problem.community.horizon;
        (0..horizon).map(move |t| {
            let mut row = vec![home.home.to_string(), t.to_string()];
            row.extend(columns(schedule).map(|column| column[t].to_string()));
            row
        })
    })
}

fn columns(s: &HomeSchedule) -> [&Vec<f64>; 11] {
    [
        &s.grid,
        &s.demand_response,
        &s.hvac,
        &s.temperature,
        &s.shiftable,
        &s.renewable,
        &s.feed_in,
        &s.charge,
        &s.discharge,
        &s.stored,
        &s.trade,
    ]
}

fn price_rows<'a>(
    problem: &'a Problem,
    outcome: &'a Outcome,
) -> impl Iterator<Item = [String; 3]> + 'a {
    let hours = problem.community.interval_hours;
    let charges = &problem.community.tariff.energy_charge;
    let rows = outcome.price.iter().zip(charges).enumerate();
    rows.map(move |(t, (price, charge))| {
        [
            t.to_string(),
            (price / hours).to_string(),
            charge.to_string(),
        ]
    })
}

/// The closing table.
pub fn table(summary: &Summary, folder: &Path) -> String {
    let percent = |gap: Option<f64>| {
        gap.map_or_else(|| "unknown".into(), |gap| format!("{:.4} %", 100.0 * gap))
    };
    let to = |name: &str| match summary.rounds_to.get(name).copied().flatten() {
        Some(round) => round.to_string(),
        None => "-".into(),
    };
    let savings = summary.savings_pct;
    let mut text = format!(
        "{} ({} homes, {} intervals, {})\n\
         rounds              {}; plan within 1 % in round {}, within 0.1 % in round {}\n\
         cost                {:.4}; alone {:.4}, without feed-in and demand response {:.4}\n\
         central optimum     {}; gap {}, certified {}\n\
         savings             {:.2} %; homes {:.2} % to {:.2} %, {} worse off than alone\n\
         energy              {:.1} kWh traded, {:.1} kWh fed in, {:.1} kWh demand response\n\
         peak                {:.2} kW, alone {:.2} kW\n\
         per home and round  {:.0} bytes, {:.2} ms\n",
        summary.scenario,
        summary.homes,
        summary.horizon,
        summary.trading,
        summary.rounds,
        to("1e-2"),
        to("1e-3"),
        summary.cost_total,
        summary.cost_without_trade,
        summary.cost_bare,
        summary
            .cost_central
            .map_or_else(|| "-".into(), |cost| format!("{cost:.4}")),
        percent(summary.cost_gap),
        percent(summary.certified_gap),
        savings.total,
        savings.min,
        savings.max,
        summary.homes_worse_off,
        summary.traded_kwh,
        summary.feed_in_kwh,
        summary.dr_kwh,
        summary.peak_kw_after,
        summary.peak_kw_before,
        summary.bytes_per_agent_round,
        summary.home_round_ms,
    );
    if let Some(rolling) = &summary.rolling {
        text += &rolling.table();
    }
    if let (Some(bills), Some(differences)) = (&summary.bills, summary.audit_differences) {
        text += &format!(
            "bills               {} lines settled, conservation error {} µ, audit differences {}\n",
            bills.settled_lines, bills.conservation_error, differences
        );
    }
    if let Some(chain) = &summary.chain {
        text += &format!(
            "chain               {}: {:.1} s a round, {} gas a submission (at most {}), {} transactions, \
             {} failed\n\
             bills               none: the metered days were not lived through on this chain\n",
            chain.chain_id,
            summary.round_s,
            chain.gas_per_submission,
            chain.gas_of_closing,
            chain.tx_total,
            chain.tx_failed
        );
    }
    text + &format!(
        "wall time           {:.1} s\nresults             {}\n",
        summary.wall_s,
        folder.display()
    )
}
