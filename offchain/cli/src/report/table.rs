//! The closing table.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::Summary;
use crate::live::ChainFigures;
use crate::run::bills::Totals;

/// The figures of `summary` as lines of text; `folder` holds the files.
pub fn table(summary: &Summary, folder: &Path) -> String {
    let mut rows = rows(summary);
    rows.push(("results", folder.display().to_string()));
    let lines = rows
        .iter()
        .map(|(label, value)| format!("{label:<28}{value}\n"));
    lines.collect()
}

fn rows(summary: &Summary) -> Vec<(&'static str, String)> {
    let stop = summary.stop_reason.as_ref().map_or("-".into(), word);
    let ended = match summary.converged {
        true => format!("converged ({stop})"),
        false => format!("not converged ({stop})"),
    };
    let mut rows = vec![
        (
            "scenario",
            format!("{}, seed {}", summary.scenario, summary.seed),
        ),
        ("mode", word(&summary.mode)),
        (
            "agents × intervals",
            format!("{} × {}", summary.agents, summary.horizon),
        ),
        ("rounds", format!("{}, {ended}", summary.rounds)),
        (
            "rounds to 0.4/0.1/0.01 %",
            rounds_to_gap(&summary.rounds_to_gap),
        ),
    ];
    if let Some(expected) = &summary.expected_rounds_to_gap {
        rows.push(("expected", rounds_to_gap(expected)));
    }
    rows.extend(figures(summary));
    if let Some(bills) = &summary.bills {
        rows.extend(money(bills));
    }
    if let Some(differences) = summary.audit_differences {
        rows.push(("audit", format!("{differences} differences")));
    }
    rows.extend(ledger(summary));
    rows
}

/// What the final schedule is worth.
fn figures(summary: &Summary) -> Vec<(&'static str, String)> {
    let limits = if summary.voltage { " (enforced)" } else { "" };
    let mut rows = vec![
        ("executed cost", format!("{:.2}", summary.cost)),
        ("central optimum", number(summary.central_cost, 2)),
        ("gap to it", percent(summary.cost_gap)),
        ("certified gap", percent(summary.certified_gap)),
        (
            "voltage range",
            format!(
                "{:.4} to {:.4} pu{limits}",
                summary.voltage_min_pu, summary.voltage_max_pu
            ),
        ),
        (
            "voltage violation",
            format!("{:.1e} pu", summary.voltage_violation_pu),
        ),
        ("price error (largest)", percent(summary.dlmp_max_rel_error)),
        (
            "relaxation",
            match summary.relaxation_exact {
                Some(true) => "exact".into(),
                Some(false) => "not exact".into(),
                None => "-".into(),
            },
        ),
    ];
    if let Some(cost) = summary.deferrable_rounding_kept {
        rows.push(("cost of whole starts", percent(Some(cost))));
    }
    rows
}

/// What the metered day came to.
fn money(bills: &Totals) -> Vec<(&'static str, String)> {
    let kilowatt_hours = |wh: i64| format!("{:.1} kWh", wh as f64 / 1e3);
    let currency = |micro: i128| format!("{:.2}", micro as f64 / 1e6);
    let mut rows = vec![
        (
            "bills",
            format!(
                "{} lines settled, {} on an estimate",
                bills.settled_lines, bills.estimated_lines
            ),
        ),
        (
            "drawn: promised / metered",
            format!(
                "{} / {}",
                kilowatt_hours(-bills.energy_scheduled_wh),
                kilowatt_hours(-bills.energy_metered_wh)
            ),
        ),
    ];
    if let Some(lost) = bills.energy_lost_wh {
        rows.push(("lost on the feeder", kilowatt_hours(lost)));
    }
    rows.extend([
        (
            "accounts pay / penalties",
            format!(
                "{} / {}",
                currency(bills.payments_total),
                currency(bills.penalties_total)
            ),
        ),
        (
            "arrears",
            format!("{:.2}", bills.arrears_total as f64 / 1e6),
        ),
        (
            "dust / conservation error",
            format!("{} µ / {} µ", bills.dust, bills.conservation_error),
        ),
    ]);
    rows
}

/// What the chain counted and holds.
fn ledger(summary: &Summary) -> Vec<(&'static str, String)> {
    let mut rows = vec![(
        "missed / rejected iterates",
        format!("{} / {}", summary.missed, summary.rejected),
    )];
    if let (Some(hash), Some(bytes)) = (&summary.state_hash, summary.state_bytes) {
        let hash = hash.get(..16).unwrap_or_default();
        let kilobytes = bytes as f64 / 1e3;
        rows.push((
            "contract state",
            format!("{kilobytes:.1} kB, sha256 {hash}"),
        ));
    }
    rows.push((
        "plan",
        format!("sha256 {}", summary.plan_hash.get(..16).unwrap_or_default()),
    ));
    if let Some(chain) = &summary.chain {
        rows.extend(real_chain(chain));
    }
    rows.push(("wall time", format!("{:.1} s", summary.wall_s)));
    rows
}

/// What a real chain took for it.
fn real_chain(chain: &ChainFigures) -> [(&'static str, String); 5] {
    let per_submission = chain.gas_per_submission;
    [
        (
            "chain",
            format!("{}, {} blocks", chain.chain_id, chain.blocks),
        ),
        (
            "first iterate to schedule",
            format!("{:.1} s", chain.schedule_s),
        ),
        (
            "transactions",
            format!("{}, {} failed", chain.tx_total, chain.tx_failed),
        ),
        (
            "gas",
            format!(
                "{:.1}M, {per_submission} a submission",
                chain.gas_total as f64 / 1e6
            ),
        ),
        (
            "for the bills",
            format!(
                "{} transactions, {:.1}M gas",
                chain.tx_bills,
                chain.gas_bills as f64 / 1e6
            ),
        ),
    ]
}

fn rounds_to_gap(rounds: &BTreeMap<&str, Option<u32>>) -> String {
    let cell = |key| match rounds.get(key).copied().flatten() {
        Some(round) => round.to_string(),
        None => "never".into(),
    };
    ["0.4%", "0.1%", "0.01%"].map(cell).join(" / ")
}

/// The name a value has in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => "-".into(),
    }
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{value:.decimals$}"))
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{:.4} %", 100.0 * value))
}
