//! Prosumer scenarios: TOML with a `[prosumers]` table.

use std::path::Path;

use super::community::{Community, Tariff};
use super::document::Document;
use super::document_check::{HOURS_OF_DAY, check};
use super::draw::Dice;
use crate::scenario::measured::Measured;
use crate::scenario::source::Source;
use crate::scenario::{ScenarioError, environment, shipped_prosumer_names, shipped_prosumers};

/// A parsed prosumer scenario, not yet built.
#[derive(Debug, Clone, PartialEq)]
pub struct ProsumerScenario {
    document: Document,
    source: Source,
}

impl ProsumerScenario {
    /// Whether TOML `text` describes prosumers.
    pub fn is_prosumers(text: &str) -> bool {
        let table = text.parse::<toml::Table>();
        table.is_ok_and(|table| table.contains_key("prosumers"))
    }

    /// Reads a scenario file; environment variables `GRIDWEAVE_<SECTION>__<KEY>` override it.
    ///
    /// # Errors
    /// [`ScenarioError`] naming file, key, value and what was expected.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ScenarioError::Read {
            file: file.clone(),
            reason: error.to_string(),
        })?;
        Self::parse(&file, &text, environment())
    }

    /// A scenario that comes with this crate, overridden as in [`ProsumerScenario::load`].
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`] lists the names there are.
    pub fn shipped(name: &str) -> Result<Self, ScenarioError> {
        let Some(text) = shipped_prosumers(name) else {
            return Err(ScenarioError::Unknown {
                name: name.to_owned(),
                known: shipped_prosumer_names().join(", "),
            });
        };
        Self::parse(&format!("{name}.toml"), text, environment())
    }

    /// Parses a scenario: `file` names it in errors, `variables` are the environment to override it
    /// with.
    ///
    /// # Errors
    /// [`ScenarioError`] naming file (or variable), key, value and what was expected.
    pub fn parse(
        file: &str,
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ScenarioError> {
        let mut source = Source::new(file, "");
        let document = source.parse(text, variables)?;
        Ok(Self { document, source })
    }

    /// The same scenario with other random devices.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.document.seed = seed;
        self
    }

    /// The same scenario from another measured day on.
    #[must_use]
    pub fn with_day(mut self, day: u32) -> Self {
        self.document.prosumers.day = day;
        self
    }

    /// The same scenario with another number of homes.
    #[must_use]
    pub fn with_homes(mut self, homes: usize) -> Self {
        self.document.prosumers.homes = homes;
        self
    }

    /// The file, or the environment variable, that `key` is from.
    pub fn origin(&self, key: &str) -> String {
        self.source.file_of(key)
    }

    /// Name shown in summaries.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// What it is about, one or two sentences; may be empty.
    pub fn description(&self) -> &str {
        &self.document.description
    }

    /// Seed of everything random.
    pub fn seed(&self) -> u64 {
        self.document.seed
    }

    /// The scenario on whose feeder the homes are, if they are on one, and the kVA of one per unit of
    /// that feeder's impedances, if they are given.
    pub fn network(&self) -> Option<(&str, Option<f64>)> {
        let prosumers = &self.document.prosumers;
        let name = prosumers.network.as_deref()?;
        Some((name, prosumers.network_kva))
    }

    /// The community that this scenario describes. The same scenario always builds the same one.
    ///
    /// # Errors
    /// [`ScenarioError`] for a value out of range.
    pub fn build(&self) -> Result<Community, ScenarioError> {
        let (document, source) = (&self.document, &self.source);
        check(document).map_err(|flaw| source.value_error(flaw))?;
        let year = Measured::year().map_err(|error| source.profile_error("prosumers", error))?;
        let (day, horizon) = (document.prosumers.day, document.horizon);
        let outdoor: Vec<f64> = (0..horizon).map(|t| year.outdoor(day, t)).collect();
        let mean = outdoor.iter().sum::<f64>() / horizon as f64;
        let mut dice = Dice::new(document, year, mean > document.devices.cooling_above_c);
        let community = Community {
            name: document.name.clone(),
            horizon,
            interval_hours: 1.0,
            tariff: tariff(document, year),
            outdoor_temp_c: outdoor,
            homes: (0..document.prosumers.homes)
                .map(|index| dice.home(index))
                .collect(),
        };
        community.check().map_err(|flaw| source.value_error(flaw))?;
        Ok(community)
    }
}

fn tariff(document: &Document, year: &Measured) -> Tariff {
    let (table, horizon) = (&document.tariff, document.horizon);
    let [from, to] = table.dr_hours;
    let on_day = |day: usize| {
        table
            .dr_days
            .as_ref()
            .is_none_or(|days| days.contains(&day))
    };
    let request = |t: usize| {
        let asked = (from..to).contains(&(t % HOURS_OF_DAY)) && on_day(t / HOURS_OF_DAY);
        if asked { table.dr_rate } else { 0.0 }
    };
    let days = horizon as f64 / HOURS_OF_DAY as f64;
    Tariff {
        energy_charge: (0..horizon)
            .map(|t| year.price(document.prosumers.day, t))
            .collect(),
        demand_charge: table.demand_charge_per_day * days,
        feed_in_rate: vec![table.feed_in_rate; horizon],
        dr_rate: (0..horizon).map(request).collect(),
        dr_basis: table.dr_basis,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::measured::DAYS;

    #[test]
    fn shipped_scenarios_build() {
        for (name, homes, horizon) in [
            ("prosumers-10", 10, 168),
            ("prosumers-100", 100, 24),
            ("prosumers-1000", 1_000, 24),
        ] {
            let scenario = ProsumerScenario::shipped(name).unwrap();
            let community = scenario.build().unwrap();
            assert_eq!((community.homes.len(), community.horizon), (homes, horizon));
            assert_eq!(community, scenario.build().unwrap());
            let solar = community.homes.iter().filter(|h| h.renewable_kw.is_some());
            let share = solar.count() as f64 / homes as f64;
            assert!((0.2..=0.9).contains(&share), "{name}: {share}");
        }
    }

    /// Day 153 is 1 January.
    #[test]
    fn the_week_of_ten_homes_is_the_first_sunny_one() {
        let year = Measured::year().unwrap();
        let sum = |day| (0..168).map(|t| year.solar(day, t)).sum::<f64>();
        let mean = (0..DAYS).map(sum).sum::<f64>() / f64::from(DAYS);
        let document = ProsumerScenario::shipped("prosumers-10").unwrap().document;
        let first = (153..DAYS).find(|&day| sum(day) >= mean);
        assert_eq!(first, Some(document.prosumers.day));
        // Requests come on the evenings with the highest load.
        let [from, to] = document.tariff.dr_hours;
        let load = |day: usize| -> f64 {
            let hours = HOURS_OF_DAY * day + from..HOURS_OF_DAY * day + to;
            let homes = 0..document.prosumers.homes;
            let home = |home| {
                hours
                    .clone()
                    .map(move |t| year.home(home, document.prosumers.day, t))
            };
            homes.flat_map(home).sum()
        };
        let mut days: Vec<usize> = (0..7).collect();
        days.sort_by(|&a, &b| load(b).total_cmp(&load(a)));
        days.truncate(2);
        days.sort_unstable();
        assert_eq!(document.tariff.dr_days, Some(days));
    }

    #[test]
    fn the_first_homes_do_not_depend_on_how_many_there_are() {
        let text = |homes: usize| format!("name = \"x\"\n[prosumers]\nhomes = {homes}\nday = 20\n");
        let build = |homes| {
            let scenario = ProsumerScenario::parse("x.toml", &text(homes), []).unwrap();
            scenario.build().unwrap().homes
        };
        assert_eq!(build(20)[..5], build(5)[..]);
    }

    #[test]
    fn homes_may_be_on_a_feeder() {
        let text = "name = \"x\"\n[prosumers]\nhomes = 3\nday = 20\n";
        let network = |text: &str| {
            let scenario = ProsumerScenario::parse("x.toml", text, []).unwrap();
            scenario.build().unwrap();
            scenario.network().map(|(name, kva)| (name.to_owned(), kva))
        };
        assert_eq!(network(text), None);
        let named = format!("{text}network = \"quick\"\n");
        assert_eq!(network(&named), Some(("quick".into(), None)));
        let weak = format!("{named}network_kva = 0.75\n");
        assert_eq!(network(&weak), Some(("quick".into(), Some(0.75))));
    }

    #[test]
    fn wrong_values_are_named() {
        let text = "name = \"x\"\n[prosumers]\nhomes = 3\nday = 20\n";
        let refusal = |text: &str| {
            let scenario = ProsumerScenario::parse("x.toml", text, []);
            scenario.and_then(|s| s.build()).unwrap_err().to_string()
        };
        let none = text.replace("homes = 3", "homes = 0");
        assert_eq!(
            refusal(&none),
            "x.toml: `prosumers.homes` is 0, expected from 1 to 10000"
        );
        let share = format!("{text}[devices]\nsolar_share = 1.5\n");
        assert_eq!(
            refusal(&share),
            "x.toml: `devices.solar_share` is 1.5, expected a number from 0 to 1"
        );
        let kva = format!("{text}network_kva = 2.5\n");
        assert_eq!(
            refusal(&kva),
            "x.toml: `prosumers.network_kva` is 2.5, expected `prosumers.network` beside it"
        );
        let typing_error = format!("{text}[devices]\nsolar_kw = 1.5\n");
        assert!(refusal(&typing_error).contains("`devices.solar_kw`"));
    }
}
