//! `gridweave import`.

use std::path::Path;

use anyhow::{Context, Result};
use gridweave_model::matpower::{self, Case};
use serde_json::json;

use super::{print, print_json};

/// Imports a radial MATPOWER case as a scenario.
pub fn matpower(file: &Path, out: Option<&Path>, as_json: bool) -> Result<()> {
    let case = matpower::load(file)?;
    let scenario = scenario(&case);
    if let Some(path) = out {
        std::fs::write(path, &scenario).with_context(|| {
            format!("{} cannot be written; choose another --out", path.display())
        })?;
    }
    for warning in &case.warnings {
        eprintln!("note: {warning}");
    }
    if as_json {
        return print_json(&json!({
            "case": case.name,
            "buses": case.branches.len() + 1,
            "root": case.root,
            "peak_mw": peak(&case),
            "warnings": case.warnings,
            "out": out,
            "scenario": scenario,
        }));
    }
    match out {
        Some(path) => print(&format!(
            "{}: {} buses, peak {:.3} MW; run it with `gridweave run {}`\n",
            case.name,
            case.branches.len() + 1,
            peak(&case),
            path.display()
        )),
        None => print(&scenario),
    }
}

fn peak(case: &Case) -> f64 {
    case.peak.values().map(|(p, _)| p).sum()
}

/// The price rise over the peak load that the shipped scenarios have (currency per MW).
const MARGINAL_RISE: f64 = 20.0;

/// The scenario around a case; `{…}` are filled in.
const TEMPLATE: &str = include_str!("import.toml");

/// A complete scenario around `case`: measured shapes, a day's price and devices placed as in the
/// shipped scenarios, all to be edited.
fn scenario(case: &Case) -> String {
    let base = &case.base;
    let alpha = (MARGINAL_RISE / peak(case).max(1e-3) * 1e3).round() / 1e3;
    let values = [
        ("{name}", case.name.clone()),
        ("{kv}", decimal(base.base_kv)),
        ("{v_min}", decimal(base.v_min)),
        ("{v_max}", decimal(base.v_max)),
        ("{mva}", decimal(base.base_mva)),
        ("{root}", case.root.to_string()),
        ("{alpha}", decimal(alpha)),
        ("{branches}", branch_rows(case)),
        ("{peaks}", peak_rows(case)),
    ];
    values
        .into_iter()
        .fold(TEMPLATE.to_owned(), |text, (key, value)| {
            text.replace(key, &value)
        })
}

fn branch_rows(case: &Case) -> String {
    let branches = case.branches.iter();
    branches
        .map(|b| {
            format!(
                "  {{ from = {}, to = {}, r = {}, x = {} }},\n",
                b.from,
                b.to,
                decimal(b.r),
                decimal(b.x)
            )
        })
        .collect()
}

fn peak_rows(case: &Case) -> String {
    let loads = case
        .peak
        .iter()
        .filter(|(_, (p, q))| *p != 0.0 || *q != 0.0);
    loads
        .map(|(bus, (p, q))| {
            let (kw, kvar) = (decimal(1e3 * p), decimal(1e3 * q));
            format!("  {{ bus = {bus}, kw = {kw}, kvar = {kvar} }},\n")
        })
        .collect()
}

/// A TOML float.
fn decimal(value: f64) -> String {
    format!("{value:?}")
}
