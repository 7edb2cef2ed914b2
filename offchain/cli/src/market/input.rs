//! Which files and names are markets.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use gridweave_model::market::{BookFile, MarketObjective, MarketScenario};
use gridweave_model::scenario::shipped_market_names;

use super::problem::Problem;

/// A market that can be run.
pub enum Input {
    /// A recorded order book.
    Recorded(BookFile),
    /// A scenario of a day.
    Day(Box<MarketScenario>),
}

/// What the command line changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Producers have batteries.
    pub battery: bool,
    /// Another prediction window.
    pub window: Option<u32>,
    /// Another objective.
    pub objective: Option<MarketObjective>,
    /// Seconds in which commitments must be revealed; no commitments without it.
    pub reveal: Option<u32>,
}

impl Input {
    /// The market called `name`: a shipped one, a TOML file with a `[market]` table or a JSON file
    /// with `offers`. `None` when it is something else.
    ///
    /// # Errors
    /// The file is a market and is not what it must be.
    pub fn find(name: &str) -> Result<Option<Self>> {
        if shipped_market_names().contains(&name) {
            return Ok(Some(Self::Day(Box::new(MarketScenario::shipped(name)?))));
        }
        let path = Path::new(name);
        // Whoever loads it then says why it cannot be read.
        let Ok(text) = fs::read_to_string(path) else {
            return Ok(None);
        };
        let is_json = path.extension().is_some_and(|end| end == "json");
        Ok(match is_json {
            true if is_book(&text) => Some(Self::Recorded(BookFile::parse(name, &text)?)),
            false if MarketScenario::is_market(&text) => {
                Some(Self::Day(Box::new(MarketScenario::load(path)?)))
            }
            _ => None,
        })
    }

    /// The problem to run.
    ///
    /// # Errors
    /// A value is out of range, or a change does not fit.
    pub fn problem(self, name: &str, changes: Changes) -> Result<Problem> {
        let reveal = changes.reveal;
        let mut problem = self.unrevealed(name, changes)?;
        problem.choice.reveal = reveal;
        Ok(problem)
    }

    fn unrevealed(self, name: &str, changes: Changes) -> Result<Problem> {
        match self {
            Self::Recorded(file) => {
                if changes.battery || changes.window.is_some() {
                    bail!(
                        "'{name}' is a recorded book, all of it posted at once; leave out \
                         --battery and --window"
                    );
                }
                let objective = changes.objective.unwrap_or(MarketObjective::Energy);
                Problem::recorded(name, &file, objective)
            }
            Self::Day(scenario) => {
                let mut scenario = *scenario;
                if changes.battery {
                    ensure!(
                        scenario.has_battery(),
                        "{name}: `battery` is missing, expected a table [battery] with energy_kwh \
                         and charge_kwh for --battery"
                    );
                    scenario = scenario.with_battery(true);
                }
                if let Some(window) = changes.window {
                    scenario = scenario.with_window(window);
                }
                if let Some(objective) = changes.objective {
                    scenario = scenario.with_objective(objective);
                }
                Problem::day(&scenario.build()?)
            }
        }
    }
}

/// Golden days have branches, books have offers.
fn is_book(text: &str) -> bool {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.is_ok_and(|value| value.get("offers").is_some() && value.get("branches").is_none())
}
