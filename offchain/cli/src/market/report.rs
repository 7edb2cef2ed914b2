//! The closing table of a market run, and its trades as CSV.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use gridweave_rules::market::payment;

use super::outcome::{FinalTrade, Outcome};
use super::problem::Problem;
use super::summary::{Settled, Summary};
use crate::report::write_csv;

const TRADES: [&str; 8] = [
    "interval",
    "seller",
    "buyer",
    "seller_feeder",
    "buyer_feeder",
    "energy_wh",
    "price",
    "payment",
];

/// Writes `trades.csv`.
///
/// # Errors
/// The folder cannot be written.
pub fn write_trades(folder: &Path, problem: &Problem, outcome: &Outcome) -> Result<()> {
    let rows = outcome.trades.iter().map(|trade| row(problem, trade));
    write_csv(&folder.join("trades.csv"), &TRADES, rows)
}

/// Writes `addresses.csv`: what the operator alone knows, to judge an observer of the events with.
///
/// # Errors
/// The folder cannot be written.
pub fn write_addresses(folder: &Path, outcome: &Outcome) -> Result<()> {
    let rows = outcome.homes.iter();
    let rows = rows.map(|(address, home)| [address.clone(), format!("home-{home}")]);
    write_csv(&folder.join("addresses.csv"), &["address", "person"], rows)
}

/// Writes `waits.csv`: how long each offer that was traded had waited from when it was posted (s); and
/// `waits-energy.csv`: how long energy (Wh) had waited from when it could be traded.
///
/// # Errors
/// The folder cannot be written.
pub fn write_waits(folder: &Path, outcome: &Outcome) -> Result<()> {
    let text = |time: &Duration| time.as_secs_f64().to_string();
    let offers = outcome.waited.offers.iter().map(|time| [text(time)]);
    write_csv(&folder.join("waits.csv"), &["posted_to_trade_s"], offers)?;
    let energy = outcome.waited.energy.iter();
    let energy = energy.map(|(energy, time)| [energy.to_string(), text(time)]);
    write_csv(
        &folder.join("waits-energy.csv"),
        &["energy_wh", "offer_to_trade_s"],
        energy,
    )
}

fn row(problem: &Problem, trade: &FinalTrade) -> [String; 8] {
    let feeder = |id| match problem.full.offers.get(&id) {
        Some(offer) => offer.feeder.to_string(),
        None => String::new(),
    };
    [
        trade.interval.to_string(),
        trade.seller.to_string(),
        trade.buyer.to_string(),
        feeder(trade.seller),
        feeder(trade.buyer),
        trade.energy.to_string(),
        trade.price.to_string(),
        payment(trade.energy, trade.price).to_string(),
    ]
}

/// The figures of `summary` as lines of text; `folder` holds the files.
pub fn table(summary: &Summary, folder: &Path) -> String {
    let objective = serde_json::to_value(summary.objective).ok();
    let objective = objective.and_then(|word| word.as_str().map(str::to_owned));
    let objective = objective.unwrap_or_default();
    let window = match summary.window {
        Some(window) => format!(", window {window}"),
        None => String::new(),
    };
    let mut rows = vec![
        ("market", format!("{}, {objective}{window}", summary.market)),
        (
            "feeders × intervals",
            format!("{} × {}", summary.feeders, summary.intervals),
        ),
        ("offers", summary.offers.to_string()),
        ("trades", summary.trades.to_string()),
        ("energy traded", kwh(summary.energy_traded_kwh)),
        (
            "full-information optimum",
            kwh(summary.full_information_optimum_kwh),
        ),
        ("welfare", format!("{:.3} µ", summary.welfare)),
    ];
    if let Some(welfare) = summary.full_information_welfare {
        rows.push(("full-information welfare", format!("{welfare:.3} µ")));
    }
    rows.push(("missing from optimum", percent(summary.gap)));
    if let Some(energy) = summary.expected_energy_kwh {
        rows.push(("expected energy", kwh(energy)));
    }
    if let Some(welfare) = summary.expected_welfare {
        rows.push(("expected welfare", format!("{welfare:.3} µ")));
    }
    rows.extend(solutions(summary));
    rows.extend(summary.bills.as_ref().map(bills).unwrap_or_default());
    rows.extend([
        (
            "audit",
            match summary.audit_differences {
                Some(differences) => format!("{differences} differences"),
                None => "-".into(),
            },
        ),
        ("conservation error", summary.conservation_error.to_string()),
        ("wall time", format!("{:.1} s", summary.wall_s)),
    ]);
    rows.push(("results", folder.display().to_string()));
    let lines = rows
        .iter()
        .map(|(label, value)| format!("{label:<28}{value}\n"));
    lines.collect()
}

/// What solvers did.
fn solutions(summary: &Summary) -> Vec<(&'static str, String)> {
    let rejected = summary.solutions_rejected.iter();
    let rejected: Vec<_> = rejected
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    vec![
        (
            "certified ratio (least)",
            match summary.certified_ratio {
                Some(ratio) => format!("{ratio:.6}"),
                None => "-".into(),
            },
        ),
        ("candidate updates", summary.candidate_updates.to_string()),
        (
            "solutions rejected",
            match rejected.is_empty() {
                true => "none".into(),
                false => rejected.join(", "),
            },
        ),
        (
            "solve time",
            format!(
                "median {:.1} ms, at most {:.1} ms",
                summary.solve_ms.median, summary.solve_ms.max
            ),
        ),
        (
            "columns",
            format!(
                "{} compact, {} pairwise",
                summary.columns_compact, summary.columns_pairwise
            ),
        ),
        ("offer to trade", offer_to_trade(summary)),
    ]
}

/// What the metered day came to.
fn bills(bills: &Settled) -> Vec<(&'static str, String)> {
    let energy = |wh: i64| format!("{:.3} kWh", wh as f64 / 1e3);
    let money = |amount: i128| format!("{:.2}", amount as f64 / 1e6);
    vec![
        (
            "bills",
            format!(
                "{} lines settled, {} on an estimate",
                bills.settled_lines, bills.estimated_lines
            ),
        ),
        ("metered, sold less drawn", energy(bills.energy_metered_wh)),
        (
            "homes pay the grid",
            format!(
                "{}, {} of it as spread",
                money(bills.payments_total),
                money(bills.penalties_total)
            ),
        ),
    ]
}

/// On a real chain, how long energy waited to be traded, and what verification cost.
fn offer_to_trade(summary: &Summary) -> String {
    let Some(times) = summary.offer_to_trade_s else {
        return "-".into();
    };
    let gas = summary.verify_gas_per_trade;
    let gas = gas.map_or_else(String::new, |gas| format!(", {gas:.0} gas a trade"));
    format!("median {:.2} s, p99 {:.2} s{gas}", times.p50, times.p99)
}

fn kwh(energy: f64) -> String {
    format!("{energy:.3} kWh")
}

fn percent(share: f64) -> String {
    format!("{:.4} %", 100.0 * share)
}
