//! Terms of the bills of a scenario, and how its simulated meters err.

use serde::{Deserialize, Serialize};

use super::meters::MeterOptions;
use crate::Flaw;
use crate::check::{at_least, ensure, within};

/// Longest window and interval (seconds), a leap year, as in the `billing` contract.
const MAX_SECONDS: u32 = 31_622_400;
/// Most intervals of a statement, as in the `billing` contract.
const MAX_PERIOD: u32 = 2_976;
/// Most terms of a tariff, as in the settlement rule.
const MAX_TERMS: usize = 8;
/// Most prices of a time-of-use term, as in the settlement rule.
const MAX_SLOTS: usize = 672;
/// Windows in intervals, where none are given.
const WINDOWS: Windows = Windows {
    reading: 8,
    dispute: 2,
    correction: 16,
};

/// One term of the tariff; the price of energy is their sum. Prices in currency per MWh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TariffTerm {
    /// The price of the session at the bus, for its interval.
    Dlmp,
    /// The same price always.
    Flat(f64),
    /// Interval `t` has price `t mod n`.
    TimeOfUse(Vec<f64>),
    /// Charge once a period per MWh of the largest draw in one interval, at least 0.
    Demand(f64),
}

/// How long after the end of an interval what is taken (seconds of chain time).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Readings are on time.
    pub reading: u32,
    /// After that: readings may be disputed.
    pub dispute: u32,
    /// Readings and corrections are taken at all.
    pub correction: u32,
}

/// The table `[billing]`. Money in currency, energy in MWh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BillingOptions {
    /// The bank denom; a millionth of a currency unit.
    pub denom: String,
    /// Terms of the tariff, 1 to 8.
    pub tariff: Vec<TariffTerm>,
    /// Imbalance factor `κ`, 0 to 1.
    pub imbalance: f64,
    /// Price of energy without a commitment (currency per MWh).
    pub reference_price: f64,
    /// Collateral that every account keeps (currency).
    pub collateral: f64,
    /// What an account has paid in when the day begins (currency), at least the collateral.
    pub deposit: f64,
    /// What the treasury has paid into the grid account when the day begins (currency).
    pub grid_deposit: f64,
    /// Cash that the treasury must leave in the grid account (currency).
    pub float: f64,
    /// Chain seconds of an interval; real time without it.
    pub interval_seconds: Option<u32>,
    /// Intervals of a statement; the horizon without it.
    pub period_intervals: Option<u32>,
    /// Seconds in which a reading is on time; 8 intervals without it.
    pub reading_seconds: Option<u32>,
    /// Seconds in which it may be disputed; 2 intervals without it.
    pub dispute_seconds: Option<u32>,
    /// Seconds in which readings and corrections are taken; 16 intervals without it.
    pub correction_seconds: Option<u32>,
    /// Seconds that a session on a real chain gets before its first interval begins.
    pub lead_seconds: u32,
    /// Largest plausible energy of an interval (MWh).
    pub max_energy: f64,
    /// Largest price (currency per MWh).
    pub max_price: f64,
    /// Estimated intervals after which an account takes no new commitments.
    pub silent: u32,
    /// Simulated meters.
    pub meter: MeterOptions,
}

impl Default for BillingOptions {
    fn default() -> Self {
        Self {
            denom: "stake".into(),
            tariff: vec![TariffTerm::Dlmp],
            imbalance: 0.1,
            reference_price: 150.0,
            collateral: 100.0,
            deposit: 1_000.0,
            grid_deposit: 10_000.0,
            float: 0.0,
            interval_seconds: None,
            period_intervals: None,
            reading_seconds: None,
            dispute_seconds: None,
            correction_seconds: None,
            lead_seconds: 30,
            max_energy: 1_000.0,
            max_price: 100_000.0,
            silent: 24,
            meter: MeterOptions::default(),
        }
    }
}

impl BillingOptions {
    /// Chain seconds of an interval of `interval_hours`.
    pub fn seconds(&self, interval_hours: f64) -> u32 {
        self.interval_seconds
            .unwrap_or((interval_hours * 3_600.0).round() as u32)
    }

    /// The windows when an interval takes `seconds`.
    pub fn windows(&self, seconds: u32) -> Windows {
        let of = |given: Option<u32>, intervals: u32| {
            given.unwrap_or_else(|| intervals.saturating_mul(seconds))
        };
        Windows {
            reading: of(self.reading_seconds, WINDOWS.reading),
            dispute: of(self.dispute_seconds, WINDOWS.dispute),
            correction: of(self.correction_seconds, WINDOWS.correction),
        }
    }

    /// Checks every range for intervals of `interval_hours`.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self, interval_hours: f64) -> Result<(), Flaw> {
        let bytes = (3..=128).contains(&self.denom.len());
        ensure(bytes, "denom", &self.denom, "3 to 128 characters")?;
        self.check_tariff()?;
        for (key, value) in [
            ("collateral", self.collateral),
            ("grid_deposit", self.grid_deposit),
            ("float", self.float),
        ] {
            at_least(key, value, 0.0)?;
        }
        at_least("deposit", self.deposit, self.collateral)?;
        within("max_energy", self.max_energy, 1e-6, 1e6)?;
        self.check_clock(interval_hours)?;
        self.meter.check().map_err(|flaw| flaw.within("meter"))
    }

    fn check_tariff(&self) -> Result<(), Flaw> {
        within("imbalance", self.imbalance, 0.0, 1.0)?;
        within("max_price", self.max_price, 1e-3, 1e9)?;
        let most = self.max_price;
        within("reference_price", self.reference_price, -most, most)?;
        let count = self.tariff.len();
        let terms = format!("1 to {MAX_TERMS} terms");
        ensure((1..=MAX_TERMS).contains(&count), "tariff", count, terms)?;
        for (i, term) in self.tariff.iter().enumerate() {
            let key = format!("tariff[{i}]");
            match term {
                TariffTerm::Dlmp => {}
                TariffTerm::Flat(price) => within(&key, *price, -most, most)?,
                TariffTerm::Demand(price) => within(&key, *price, 0.0, most)?,
                TariffTerm::TimeOfUse(prices) => {
                    let count = prices.len();
                    let expected = format!("1 to {MAX_SLOTS} prices");
                    ensure((1..=MAX_SLOTS).contains(&count), &key, count, expected)?;
                    for (j, &price) in prices.iter().enumerate() {
                        within(&format!("{key}[{j}]"), price, -most, most)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_clock(&self, interval_hours: f64) -> Result<(), Flaw> {
        let range = |key: &str, value: u32, least: u32, most: u32| {
            let expected = format!("a number from {least} to {most}");
            ensure((least..=most).contains(&value), key, value, expected)
        };
        let seconds = self.seconds(interval_hours);
        range("interval_seconds", seconds, 1, MAX_SECONDS)?;
        let period = self.period_intervals.unwrap_or(1);
        range("period_intervals", period, 1, MAX_PERIOD)?;
        let windows = self.windows(seconds);
        range("reading_seconds", windows.reading, 0, MAX_SECONDS)?;
        range("dispute_seconds", windows.dispute, 0, MAX_SECONDS)?;
        let least = windows.reading.saturating_add(windows.dispute);
        range("correction_seconds", windows.correction, least, MAX_SECONDS)?;
        range("lead_seconds", self.lead_seconds, 1, MAX_SECONDS)
    }
}
