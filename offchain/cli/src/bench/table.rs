//! The figures as text.

use super::flat::Flatness;
use super::report::Report;

/// The rows of `report`, and how flat the gas of an iterate is.
pub fn table(report: &Report) -> String {
    let mut text = format!(
        "{:<12}{:<20}{:<41}{:>6}{:>8}{:>12}{:>9}{:>7}\n",
        "contract", "message", "case", "agents", "horizon", "gas", "bytes", "ms"
    );
    for row in &report.rows {
        let (key, cost) = (&row.key, &row.cost);
        text += &format!(
            "{:<12}{:<20}{:<41}{:>6}{:>8}{:>12}{:>9}{:>7}\n",
            key.contract,
            key.message,
            key.case,
            count(key.agents),
            count(key.horizon),
            cost.gas,
            cost.bytes,
            cost.ms
        );
    }
    if let Some(flat) = Flatness::of(&report.rows) {
        let sizes = flat.gas.iter();
        let sizes: Vec<String> = sizes
            .map(|(agents, gas)| format!("{gas} with {agents} agents"))
            .collect();
        text += &format!(
            "gas per agent and round: {}; largest difference {:.2} %\n",
            sizes.join(", "),
            100.0 * flat.spread
        );
    }
    text
}

fn count(number: u32) -> String {
    match number {
        0 => "-".into(),
        number => number.to_string(),
    }
}
