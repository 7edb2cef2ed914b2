//! Which files and names are communities of prosumers.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use gridweave_model::prosumers::{CommunityFile, ProsumerScenario};
use gridweave_model::scenario::shipped_prosumer_names;

use super::problem::{Feeder, Problem};

/// Seed of forecasts and meters where a file has none of its own.
const FILE_SEED: u64 = 1;

/// A community that can be run.
pub enum Input {
    /// A file with every number of every home.
    File(Box<CommunityFile>),
    /// A scenario.
    Scenario(Box<ProsumerScenario>),
}

impl Input {
    /// The community called `name`: a shipped scenario, a TOML file with a `[prosumers]` table or a
    /// JSON file with `homes`. `None` when it is something else.
    ///
    /// # Errors
    /// The file is a community and is not what it must be.
    pub fn find(name: &str) -> Result<Option<Self>> {
        if shipped_prosumer_names().contains(&name) {
            let scenario = ProsumerScenario::shipped(name)?;
            return Ok(Some(Self::Scenario(Box::new(scenario))));
        }
        let path = Path::new(name);
        // Whoever loads it then says why it cannot be read.
        let Ok(text) = fs::read_to_string(path) else {
            return Ok(None);
        };
        let is_json = path.extension().is_some_and(|end| end == "json");
        Ok(match is_json {
            true if CommunityFile::is_community(&text) => {
                Some(Self::File(Box::new(CommunityFile::parse(name, &text)?)))
            }
            false if ProsumerScenario::is_prosumers(&text) => {
                Some(Self::Scenario(Box::new(ProsumerScenario::load(path)?)))
            }
            _ => None,
        })
    }

    /// The problem to run, with another seed and number of homes if they are given.
    ///
    /// # Errors
    /// A value is out of range, a change does not fit, or a home that is asked for demand response has no
    /// schedule without trade.
    pub fn problem(self, seed: Option<u64>, homes: Option<usize>) -> Result<Problem> {
        self.read(seed, homes)?.fix_baselines()
    }

    fn read(self, seed: Option<u64>, homes: Option<usize>) -> Result<Problem> {
        match self {
            Self::File(file) => {
                ensure!(
                    homes.is_none(),
                    "'{}' lists its homes; leave out --homes",
                    file.community.name
                );
                Ok(Problem {
                    name: file.community.name.clone(),
                    description: "community file".into(),
                    seed: seed.unwrap_or(FILE_SEED),
                    community: file.community,
                    feeder: None,
                    expected: file.expected,
                })
            }
            Self::Scenario(scenario) => {
                let mut scenario = *scenario;
                if let Some(seed) = seed {
                    scenario = scenario.with_seed(seed);
                }
                if let Some(homes) = homes {
                    scenario = scenario.with_homes(homes);
                }
                Ok(Problem {
                    name: scenario.name().into(),
                    description: scenario.description().into(),
                    seed: scenario.seed(),
                    community: scenario.build()?,
                    feeder: scenario.network().map(|(network, kva)| Feeder {
                        network: network.into(),
                        kva,
                        named_by: format!(
                            "{}: `prosumers.network`",
                            scenario.origin("prosumers.network")
                        ),
                    }),
                    expected: None,
                })
            }
        }
    }
}
