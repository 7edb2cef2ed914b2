//! Market scenarios.

use std::path::Path;

use super::document::{Document, MarketObjective, MarketPricing};
use super::homes::{Home, homes};
use super::participants::check_participants;
use super::posting::{Posting, in_lots, postings};
use super::replay;
use crate::Flaw;
use crate::check::ensure;
use crate::scenario::source::Source;
use crate::scenario::{
    BillingOptions, ScenarioError, environment, shipped_market, shipped_market_names,
};

/// A parsed market scenario: TOML with a `[market]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct MarketScenario {
    document: Document,
    source: Source,
}

/// A day on a market.
#[derive(Debug, Clone, PartialEq)]
pub struct MarketDay {
    /// Name shown in summaries.
    pub name: String,
    /// Number of feeders, which count from 1.
    pub feeders: u32,
    /// Most net export and net import of a feeder (Wh per interval).
    pub limit_external_wh: u64,
    /// Most gross production and gross consumption of a feeder (Wh per interval).
    pub limit_internal_wh: u64,
    /// Intervals, which count from 0.
    pub horizon: u32,
    /// Length of an interval (minutes).
    pub interval_minutes: u32,
    /// Prediction window `L`.
    pub window: u32,
    /// `T_clear` in intervals.
    pub clear: u32,
    /// What is maximized.
    pub objective: MarketObjective,
    /// Who sets prices.
    pub pricing: MarketPricing,
    /// The participants.
    pub homes: Vec<Home>,
    /// Whether every offer is of the same energy and under an address of its own.
    pub lots: bool,
    /// Their offers by first interval.
    pub postings: Vec<Posting>,
    /// Terms of the bills, and how the homes' meters err.
    pub billing: BillingOptions,
    /// Seed of everything random.
    pub seed: u64,
}

impl MarketScenario {
    /// Whether TOML `text` describes a market.
    pub fn is_market(text: &str) -> bool {
        let table = text.parse::<toml::Table>();
        table.is_ok_and(|table| table.contains_key("market"))
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
        Self::parse(
            &file,
            &text,
            path.parent().unwrap_or(Path::new("")),
            environment(),
        )
    }

    /// A scenario that comes with this crate, overridden as in [`MarketScenario::load`].
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`] lists the names there are.
    pub fn shipped(name: &str) -> Result<Self, ScenarioError> {
        let Some(text) = shipped_market(name) else {
            return Err(ScenarioError::Unknown {
                name: name.to_owned(),
                known: shipped_market_names().join(", "),
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

    /// Whether the scenario says what batteries producers may have.
    pub fn has_battery(&self) -> bool {
        self.document.battery.is_some()
    }

    /// The same scenario with or without the producers' batteries, where it says what they are.
    #[must_use]
    pub fn with_battery(mut self, enabled: bool) -> Self {
        if let Some(battery) = &mut self.document.battery {
            battery.enabled = enabled;
        }
        self
    }

    /// The same scenario with prediction window `window`.
    #[must_use]
    pub fn with_window(mut self, window: u32) -> Self {
        self.document.market.window = window;
        self
    }

    /// The same scenario with another objective.
    #[must_use]
    pub fn with_objective(mut self, objective: MarketObjective) -> Self {
        self.document.market.objective = objective;
        self
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

    /// The day that this scenario describes.
    ///
    /// # Errors
    /// [`ScenarioError`] for a value out of range or a file that cannot be used.
    pub fn build(&self) -> Result<MarketDay, ScenarioError> {
        let (document, source) = (&self.document, &self.source);
        check(document).map_err(|flaw| source.value_error(flaw))?;
        let (homes, postings) = match &document.market.offers_csv {
            Some(file) => replay::read(document, source, file)?,
            None => {
                let homes = homes(document);
                let homes = homes.map_err(|error| source.profile_error("consumers", error))?;
                let postings = postings(&homes, &document.market, document.battery);
                (homes, postings)
            }
        };
        let postings = match document.market.lot_kwh {
            Some(kwh) => in_lots(postings, (1_000.0 * kwh).round() as u64),
            None => postings,
        };
        let market = &document.market;
        let wh = |kw: f64| (1_000.0 * kw * f64::from(document.interval_minutes) / 60.0) as u64;
        Ok(MarketDay {
            name: document.name.clone(),
            feeders: market.feeders,
            limit_external_wh: wh(market.limit_external_kw),
            limit_internal_wh: wh(market.limit_internal_kw),
            horizon: document.horizon,
            interval_minutes: document.interval_minutes,
            window: market.window,
            clear: market.clear,
            objective: market.objective,
            pricing: market.pricing,
            homes,
            lots: market.lot_kwh.is_some(),
            postings,
            billing: document.billing.clone(),
            seed: document.seed,
        })
    }
}

/// The first value that is not what it must be.
fn check(document: &Document) -> Result<(), Flaw> {
    let market = &document.market;
    let minutes = document.interval_minutes;
    let divides = (1..=60).contains(&minutes) && 60 % minutes == 0;
    ensure(divides, "interval_minutes", minutes, "a divisor of 60")?;
    let (horizon, most) = (document.horizon, 24 * 60 / minutes);
    ensure(
        (2..=most.min(96)).contains(&horizon),
        "horizon",
        horizon,
        format!("from 2 to {} intervals, at most a day", most.min(96)),
    )?;
    ensure(
        (1..=1_000).contains(&market.feeders),
        "market.feeders",
        market.feeders,
        "1 to 1000",
    )?;
    ensure(
        (2..=96).contains(&market.window),
        "market.window",
        market.window,
        "from 2 to 96 intervals, the current one counted",
    )?;
    let ahead = 1..market.window;
    ensure(
        ahead.contains(&market.clear),
        "market.clear",
        market.clear,
        format!("from 1 to {}, less than `market.window`", market.window - 1),
    )?;
    for (key, kw) in [
        ("market.limit_external_kw", market.limit_external_kw),
        ("market.limit_internal_kw", market.limit_internal_kw),
    ] {
        ensure((0.0..=1e9).contains(&kw), key, kw, "from 0 to 1e9")?;
    }
    if let Some(kwh) = market.lot_kwh {
        ensure(
            (0.001..=1e6).contains(&kwh),
            "market.lot_kwh",
            kwh,
            "from 0.001 to 1e6",
        )?;
    }
    ensure(
        market.ask <= market.bid,
        "market.ask",
        market.ask,
        format!("at most `market.bid`, {}", market.bid),
    )?;
    let billing = document.billing.check(f64::from(minutes) / 60.0);
    billing.map_err(|flaw| flaw.within("billing"))?;
    check_participants(document)
}
