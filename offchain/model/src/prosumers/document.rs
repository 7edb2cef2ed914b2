//! The TOML document of a prosumer scenario. `docs/scenarios.md` describes every key; defaults are
//! here.

use serde::Deserialize;

use super::community::DrBasis;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "one")]
    pub seed: u64,
    /// Hours, which are the intervals.
    #[serde(default = "day")]
    pub horizon: usize,
    pub prosumers: ProsumersTable,
    #[serde(default)]
    pub tariff: TariffTable,
    #[serde(default)]
    pub devices: DevicesTable,
}

fn one() -> u64 {
    1
}

fn day() -> usize {
    24
}

/// How many homes, and what they measured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProsumersTable {
    /// Home `i` is measured home `i mod 17`, a week later each time around.
    pub homes: usize,
    /// First measured day, 0 to 364.
    pub day: u32,
    /// A home's load is the measured one times a factor drawn from this range.
    #[serde(default = "load_factor")]
    pub load_factor: [f64; 2],
    /// The scenario on whose feeder the homes are.
    #[serde(default)]
    pub network: Option<String>,
    /// kVA of one per unit of that feeder's impedances.
    #[serde(default)]
    pub network_kva: Option<f64>,
}

fn load_factor() -> [f64; 2] {
    [0.85, 1.15]
}

/// The energy charge is the measured time-of-use price.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TariffTable {
    /// Currency per kW and day of the horizon.
    pub demand_charge_per_day: f64,
    pub feed_in_rate: f64,
    pub dr_rate: f64,
    /// Hours of the day `[start, end]` with requests for demand response, the end left out.
    pub dr_hours: [usize; 2],
    /// Days of the horizon with requests, from 0 on; all of them unless given.
    pub dr_days: Option<Vec<usize>>,
    pub dr_basis: DrBasis,
}

impl Default for TariffTable {
    fn default() -> Self {
        Self {
            demand_charge_per_day: 0.5,
            feed_in_rate: 0.05,
            dr_rate: 0.12,
            dr_hours: [17, 20],
            dr_days: None,
            dr_basis: DrBasis::Purchase,
        }
    }
}

/// What homes have: shares of homes, and ranges to draw from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DevicesTable {
    pub grid_max_kw: f64,
    pub trade_max_kw: f64,
    pub solar_share: f64,
    pub solar_kwp: [f64; 2],
    pub storage_share: f64,
    pub storage_kwh: [f64; 2],
    /// Hours to charge or discharge the capacity.
    pub storage_hours: f64,
    /// Of charging and of discharging.
    pub storage_efficiency: f64,
    pub storage_soc: [f64; 2],
    /// Before and after the horizon.
    pub storage_soc_ends: f64,
    pub storage_wear: f64,
    /// Share of the measured load that is shiftable.
    pub shiftable_part: f64,
    pub omega_s: [f64; 2],
    pub hvac_max_kw: f64,
    pub rc_h: f64,
    /// Size of `gamma_c_per_kw`; HVAC cools where it is warm.
    pub gamma_c_per_kw: f64,
    /// Mean outdoor temperature above which HVAC cools.
    pub cooling_above_c: f64,
    pub temp_range_c: [f64; 2],
    pub temp_start_c: f64,
    pub temp_ref_c: [f64; 2],
    pub omega_ac: [f64; 2],
}

impl Default for DevicesTable {
    fn default() -> Self {
        Self {
            grid_max_kw: 15.0,
            trade_max_kw: 8.0,
            solar_share: 0.6,
            solar_kwp: [3.0, 7.0],
            storage_share: 0.5,
            storage_kwh: [3.0, 8.0],
            storage_hours: 3.0,
            storage_efficiency: 0.95,
            storage_soc: [0.1, 0.95],
            storage_soc_ends: 0.5,
            storage_wear: 0.01,
            shiftable_part: 0.25,
            omega_s: [0.02, 0.08],
            hvac_max_kw: 4.0,
            rc_h: 18.0,
            gamma_c_per_kw: 1.2,
            cooling_above_c: 18.0,
            temp_range_c: [18.0, 27.0],
            temp_start_c: 22.0,
            temp_ref_c: [21.0, 23.0],
            omega_ac: [0.005, 0.02],
        }
    }
}
