//! Scenarios: TOML descriptions of a scheduling problem, with defaults, overrides from the
//! environment and a seed that decides everything random. `docs/scenarios.md` is the reference.

mod billing;
mod build;
pub(crate) mod clock;
mod document;
mod error;
mod explicit;
mod grid;
pub(crate) mod measured;
mod meters;
mod placement;
mod placement_check;
pub(crate) mod series;
mod session;
mod shipped;
pub(crate) mod source;

pub use billing::{BillingOptions, TariffTerm, Windows};
pub use error::ScenarioError;
pub use meters::MeterOptions;
pub use session::{SessionMode, SessionOptions};

use std::path::Path;

use crate::Instance;
use crate::crowdsourcing::{Crowd, build as crowd};
use clock::Clock;
use document::Document;
use source::Source;

/// A parsed scenario, not yet built.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    document: Document,
    source: Source,
}

impl Scenario {
    /// Reads a scenario file; environment variables `GRIDWEAVE_<SECTION>__<KEY>` override it.
    ///
    /// # Errors
    /// [`ScenarioError`] naming file, key, value and what was expected.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| ScenarioError::Read {
            file: file.clone(),
            reason: e.to_string(),
        })?;
        let directory = path.parent().unwrap_or(Path::new(""));
        Self::parse(&file, &text, directory, environment())
    }

    /// A scenario that comes with this crate; the environment overrides it as in
    /// [`Scenario::load`].
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`] lists the names there are.
    pub fn shipped(name: &str) -> Result<Self, ScenarioError> {
        let found = shipped::SCENARIOS.iter().find(|(known, _)| *known == name);
        let Some((_, text)) = found else {
            return Err(ScenarioError::Unknown {
                name: name.to_owned(),
                known: shipped_names().join(", "),
            });
        };
        Self::parse(&format!("{name}.toml"), text, Path::new(""), environment())
    }

    /// Parses a scenario: `file` names it in errors, the files it names lie in `directory`,
    /// `variables` are the environment to override it with.
    ///
    /// # Errors
    /// [`ScenarioError`] naming file (or variable), key, value and what was expected.
    pub fn parse(
        file: &str,
        text: &str,
        directory: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ScenarioError> {
        let mut source = Source::new(file, directory);
        let document = source.parse(text, variables)?;
        Ok(Self { document, source })
    }

    /// The problem this scenario describes. The same scenario always builds the same instance.
    ///
    /// # Errors
    /// [`ScenarioError`] for a value out of range, a network that is not radial, or a file the
    /// scenario names that cannot be used.
    pub fn build(&self) -> Result<Instance, ScenarioError> {
        build::build(&self.document, &self.source)
    }

    /// The crowd of the scenario, drawn by its seed; `None` without a table `[crowdsourcing]`.
    /// `instance` is what [`build`](Self::build) makes of this scenario.
    ///
    /// # Errors
    /// [`ScenarioError`] for a value out of range or feeders that leave buses out.
    pub fn crowd(&self, instance: &Instance) -> Result<Option<Crowd>, ScenarioError> {
        let table = self.document.crowdsourcing.as_ref();
        let crowd = table.map(|table| {
            let clock = Clock::new(self.document.horizon, self.document.interval_minutes);
            let clock = clock.map_err(|flaw| self.source.value_error(flaw))?;
            crowd::build(table, self.document.seed, clock, instance, &self.source)
        });
        crowd.transpose()
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

    /// Measured day that gives loads and solar generation their shape, 0 to 364.
    pub fn day(&self) -> u32 {
        self.document.load.day
    }

    /// How the session is to be run.
    pub fn session(&self) -> &SessionOptions {
        &self.document.session
    }

    /// Terms of the bills.
    pub fn billing(&self) -> &BillingOptions {
        &self.document.billing
    }

    /// The same scenario with other random devices and homes.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.document.seed = seed;
        self
    }

    /// The same devices `offset` measured days later (−1: the day before). Days wrap around the
    /// year.
    #[must_use]
    pub fn with_day(mut self, offset: i32) -> Self {
        let days = i64::from(measured::DAYS);
        let day = (i64::from(self.document.load.day) + i64::from(offset)).rem_euclid(days);
        // A remainder of 365 fits.
        self.document.load.day = day as u32;
        self
    }
}

/// Names of the scenarios that come with this crate.
pub fn shipped_names() -> Vec<&'static str> {
    shipped::SCENARIOS.iter().map(|(name, _)| *name).collect()
}

/// Names of the market scenarios that come with this crate.
pub fn shipped_market_names() -> Vec<&'static str> {
    shipped::MARKETS.iter().map(|(name, _)| *name).collect()
}

/// Text of a market scenario that comes with this crate.
pub(crate) fn shipped_market(name: &str) -> Option<&'static str> {
    let found = shipped::MARKETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text)
}

/// Names of the prosumer scenarios that come with this crate.
pub fn shipped_prosumer_names() -> Vec<&'static str> {
    let names = shipped::COMMUNITIES.iter();
    names.map(|(name, _)| *name).collect()
}

/// Text of a prosumer scenario that comes with this crate.
pub(crate) fn shipped_prosumers(name: &str) -> Option<&'static str> {
    let mut known = shipped::COMMUNITIES.iter();
    known
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

pub(crate) fn environment() -> impl Iterator<Item = (String, String)> {
    // Variables that are not Unicode cannot be ours.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
