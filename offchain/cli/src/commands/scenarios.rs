//! `gridweave scenarios`.

use anyhow::Result;
use gridweave_model::Scenario;
use gridweave_model::market::MarketScenario;
use gridweave_model::prosumers::ProsumerScenario;
use gridweave_model::scenario::{shipped_market_names, shipped_names, shipped_prosumer_names};
use serde::Serialize;

use super::{print, print_json};

#[derive(Serialize)]
struct Row {
    name: &'static str,
    description: String,
}

/// Lists the shipped scenarios.
pub fn run(as_json: bool) -> Result<()> {
    let days = shipped_names().into_iter().map(|name| {
        let description = Scenario::shipped(name)?.description().to_owned();
        Ok(Row { name, description })
    });
    let markets = shipped_market_names().into_iter().map(|name| {
        let description = MarketScenario::shipped(name)?.description().to_owned();
        Ok(Row { name, description })
    });
    let communities = shipped_prosumer_names().into_iter().map(|name| {
        let description = ProsumerScenario::shipped(name)?.description().to_owned();
        Ok(Row { name, description })
    });
    let rows = days
        .chain(markets)
        .chain(communities)
        .collect::<Result<Vec<_>>>()?;
    if as_json {
        return print_json(&rows);
    }
    let lines = rows
        .iter()
        .map(|row| format!("{:<20}{}\n", row.name, row.description));
    print(&lines.collect::<String>())
}
