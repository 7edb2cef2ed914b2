//! What is to be run: a shipped scenario, a scenario file or a golden instance.

use std::path::Path;

use anyhow::{Context, Result, bail};
use gridweave_agents::parameters::needs_voltage;
use gridweave_agents::terms::BillingChoice;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_model::golden::{self, Expected};
use gridweave_model::scenario::{shipped_market_names, shipped_names, shipped_prosumer_names};
use gridweave_model::{
    BillingOptions, Instance, Scenario, SessionMode, SessionOptions, baseline, evaluate,
};

/// Seed of faults on golden instances, which have no seed of their own.
const GOLDEN_SEED: u64 = 1;

/// A problem to run.
pub struct Problem {
    /// Name shown in results.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// The day.
    pub instance: Instance,
    /// Seed of placement and faults.
    pub seed: u64,
    /// Session parameters.
    pub options: SessionOptions,
    /// Terms of the bills.
    pub billing: BillingOptions,
    /// What a golden file says must come out.
    pub expected: Option<Expected>,
    scenario: Option<Scenario>,
}

impl Problem {
    /// Loads `name`: a shipped scenario, a `.json` golden file or a TOML file.
    pub fn load(name: &str, seed: Option<u64>) -> Result<Self> {
        let path = Path::new(name);
        if shipped_market_names().contains(&name) {
            bail!("'{name}' is a market: `gridweave run` trades it, nothing schedules it");
        }
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            return Self::from_golden(path, seed);
        }
        let scenario = if shipped_names().contains(&name) {
            Scenario::shipped(name)?
        } else if path.exists() {
            Scenario::load(path)?
        } else {
            bail!(
                "'{name}' is neither a file nor a shipped scenario (shipped: {}); \
                 `gridweave scenarios` describes them",
                [
                    shipped_names(),
                    shipped_market_names(),
                    shipped_prosumer_names()
                ]
                .concat()
                .join(", ")
            );
        };
        Self::from_scenario(scenario, seed)
    }

    fn from_golden(path: &Path, seed: Option<u64>) -> Result<Self> {
        let golden = golden::load(path)?;
        Ok(Self {
            name: golden.instance.name.clone(),
            description: "golden instance".into(),
            instance: golden.instance,
            seed: seed.unwrap_or(GOLDEN_SEED),
            // The expected rounds go down to 0.01 %, so no certificate ends the session early.
            options: SessionOptions {
                stop_gap: Some(0.0),
                ..SessionOptions::default()
            },
            billing: BillingOptions::default(),
            expected: Some(golden.expected),
            scenario: None,
        })
    }

    fn from_scenario(scenario: Scenario, seed: Option<u64>) -> Result<Self> {
        let scenario = match seed {
            Some(seed) => scenario.with_seed(seed),
            None => scenario,
        };
        Ok(Self {
            name: scenario.name().into(),
            description: scenario.description().into(),
            instance: scenario.build()?,
            seed: scenario.seed(),
            options: scenario.session().clone(),
            billing: scenario.billing().clone(),
            expected: None,
            scenario: Some(scenario),
        })
    }

    /// The crowd of the day, if the scenario has one.
    pub fn crowd(&self) -> Result<Option<Crowd>> {
        let crowd = self
            .scenario
            .as_ref()
            .map(|scenario| scenario.crowd(&self.instance));
        Ok(crowd.transpose()?.flatten())
    }

    /// Whether sessions have prices per bus, without which there are no bills.
    pub fn is_billable(&self) -> bool {
        let mode = self.options.mode;
        matches!(mode, SessionMode::Exchange | SessionMode::ExchangeAdmm)
    }

    /// What the bills are to be like.
    pub fn bills(&self) -> BillingChoice {
        BillingChoice::new(self.billing.clone(), &self.instance)
    }

    /// The same devices on the day before.
    pub fn yesterday(&self) -> Result<Instance> {
        let Some(scenario) = &self.scenario else {
            bail!(
                "'{}' is a single day without a day before; leave out --warm",
                self.name
            );
        };
        scenario
            .clone()
            .with_day(-1)
            .build()
            .context("the day before cannot be built")
    }

    /// Couples participants by `mode`. Parameters that the scenario tuned to another mode are
    /// dropped.
    pub fn choose_mode(&mut self, mode: SessionMode) {
        if mode != self.options.mode {
            self.options = SessionOptions {
                mode,
                ..SessionOptions::default()
            };
        }
    }

    /// Decides whether the contract enforces voltage limits, if the scenario does not: it does
    /// where the default schedules come near them.
    pub fn settle_voltage(&mut self) {
        if self.options.voltage.is_some() || self.options.mode != SessionMode::Exchange {
            return;
        }
        let instance = &self.instance;
        let sites = instance.sites.iter();
        let injections: Vec<Vec<f64>> = sites
            .map(|site| baseline(site, instance.horizon, instance.interval_hours))
            .collect();
        // A default schedule that the network cannot carry needs the limits most.
        let near = evaluate(instance, &injections).map_or(true, |execution| {
            needs_voltage(instance, &execution.voltages)
        });
        self.options.voltage = Some(near);
    }
}
