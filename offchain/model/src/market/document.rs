//! The TOML document of a market scenario. `docs/scenarios.md` describes every key; defaults are here.

use serde::{Deserialize, Serialize};

use crate::scenario::BillingOptions;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default = "quarters")]
    pub horizon: u32,
    #[serde(default = "quarter")]
    pub interval_minutes: u32,
    pub market: MarketTable,
    pub battery: Option<BatteryTable>,
    #[serde(default)]
    pub producer: Vec<ProducerRow>,
    pub consumers: Option<ConsumersTable>,
    #[serde(default)]
    pub billing: BillingOptions,
}

fn one() -> u64 {
    1
}

fn quarters() -> u32 {
    96
}

fn quarter() -> u32 {
    15
}

/// What a market maximizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarketObjective {
    /// Traded energy, T(10).
    Energy,
    /// Traded energy, soon-expiring offers first.
    ExpiringFirst,
    /// Welfare `Σ(R_b − R_s)·p`.
    Welfare,
}

/// Who sets the price of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarketPricing {
    /// The solver, within T(9).
    Solver,
    /// The contract: the middle of the reservation prices.
    Midpoint,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MarketTable {
    /// Feeders, numbered from 1.
    pub feeders: u32,
    /// Most net export and import of a feeder.
    pub limit_external_kw: f64,
    /// Most gross production and consumption of a feeder.
    pub limit_internal_kw: f64,
    pub objective: MarketObjective,
    pub pricing: MarketPricing,
    /// Prediction window `L`: in each interval, offers up to L − 1 intervals ahead are posted.
    pub window: u32,
    /// `T_clear` in intervals.
    pub clear: u32,
    /// Reservation prices (µ/kWh).
    pub ask: u64,
    pub bid: u64,
    /// Every offer is of so much energy and under an address of its own.
    pub lot_kwh: Option<f64>,
    /// A recorded stream of offers instead of homes.
    pub offers_csv: Option<String>,
}

impl Default for MarketTable {
    fn default() -> Self {
        Self {
            feeders: 1,
            limit_external_kw: 20.0,
            limit_internal_kw: 1_000.0,
            objective: MarketObjective::ExpiringFirst,
            pricing: MarketPricing::Midpoint,
            window: 5,
            clear: 1,
            ask: 120_000,
            bid: 240_000,
            lot_kwh: None,
            offers_csv: None,
        }
    }
}

/// Batteries of the producers.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BatteryTable {
    /// Whether there are any.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Energy that one holds.
    pub energy_kwh: f64,
    /// Most energy that one takes in an interval.
    pub charge_kwh: f64,
}

fn yes() -> bool {
    true
}

/// A solar producer.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProducerRow {
    pub feeder: u32,
    pub kwp: f64,
}

/// Measured homes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsumersTable {
    /// Measured day, 0 to 364.
    pub day: u32,
    /// Homes on each feeder, from feeder 1 on.
    pub by_feeder: Vec<u32>,
}
