//! The TOML document of a scenario. `docs/scenarios.md` describes every key; defaults are here.

use serde::Deserialize;

use super::billing::BillingOptions;
use super::series::Series;
use super::session::SessionOptions;
use crate::crowdsourcing::CrowdsourcingTable;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default = "day")]
    pub horizon: usize,
    #[serde(default = "hour")]
    pub interval_minutes: usize,
    pub grid: GridTable,
    pub generator: GeneratorTable,
    #[serde(default)]
    pub load: LoadTable,
    pub solar: Option<SolarTable>,
    pub battery: Option<BatteryTable>,
    pub shapable: Option<ShapableTable>,
    pub deferrable: Option<DeferrableTable>,
    #[serde(default)]
    pub user_cost: UserCostTable,
    pub crowdsourcing: Option<CrowdsourcingTable>,
    #[serde(default)]
    pub bus: Vec<BusTable>,
    #[serde(default)]
    pub session: SessionOptions,
    #[serde(default)]
    pub billing: BillingOptions,
}

fn one() -> u64 {
    1
}

fn day() -> usize {
    24
}

fn hour() -> usize {
    60
}

/// Unit of branch impedances.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Impedance {
    Ohm,
    Pu,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GridTable {
    pub case: Option<String>,
    pub matpower: Option<String>,
    pub branch: Option<Vec<BranchRow>>,
    pub impedance: Option<Impedance>,
    pub impedance_base_mva: Option<f64>,
    pub base_mva: f64,
    pub base_kv: Option<f64>,
    pub v_min: Option<f64>,
    pub v_max: Option<f64>,
}

impl Default for GridTable {
    fn default() -> Self {
        Self {
            case: None,
            matpower: None,
            branch: None,
            impedance: None,
            impedance_base_mva: None,
            base_mva: 1.0,
            base_kv: None,
            v_min: None,
            v_max: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BranchRow {
    pub from: u32,
    pub to: u32,
    pub r: f64,
    pub x: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GeneratorTable {
    pub bus: Option<u32>,
    pub alpha: f64,
    pub beta: Series,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LoadTable {
    pub peak: Option<Vec<PeakRow>>,
    pub power_factor: f64,
    pub scale: f64,
    pub day: u32,
    pub diversity: f64,
    pub level: f64,
    pub shape: Option<Series>,
}

impl Default for LoadTable {
    fn default() -> Self {
        Self {
            peak: None,
            power_factor: 0.9,
            scale: 1.0,
            day: 0,
            diversity: 0.3,
            level: 0.6,
            shape: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeakRow {
    pub bus: u32,
    pub kw: f64,
    pub kvar: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SolarTable {
    pub share: f64,
    pub size: [f64; 2],
    pub shape: Option<Series>,
}

impl Default for SolarTable {
    fn default() -> Self {
        Self {
            share: 0.6,
            size: [0.5, 1.5],
            shape: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BatteryTable {
    pub share: f64,
    pub basis: PowerBasis,
    pub power: f64,
    pub hours: f64,
    pub eta: f64,
    pub soc_min: f64,
    pub soc_max: f64,
    pub soc_start: f64,
    pub soc_end: f64,
}

/// What the power of a battery is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PowerBasis {
    /// The largest controllable load of the bus, its peak where it has none.
    Controllable,
    /// The peak of the uncontrollable load.
    Peak,
}

/// User-defined costs, C(1a).
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UserCostTable {
    /// Currency per MWh charged or discharged.
    pub battery_wear: f64,
    /// Currency per MW² and hour.
    pub shapable_discomfort: f64,
}

impl Default for BatteryTable {
    fn default() -> Self {
        Self {
            share: 1.0,
            basis: PowerBasis::Controllable,
            power: 0.5,
            hours: 4.0,
            eta: 0.95,
            soc_min: 0.1,
            soc_max: 0.95,
            soc_start: 0.5,
            soc_end: 0.5,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ShapableTable {
    pub share: f64,
    pub energy_hours: [f64; 2],
    pub start: [u32; 2],
    pub end: [u32; 2],
    /// Hours of the window; then `start` and `end` are its earliest and its latest limits.
    pub duration: Option<[u32; 2]>,
}

impl Default for ShapableTable {
    fn default() -> Self {
        Self {
            share: 0.7,
            energy_hours: [0.0, 10.0],
            start: [10, 13],
            end: [20, 24],
            duration: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DeferrableTable {
    pub share: f64,
    pub earliest: [u32; 2],
    pub max_delay: [u32; 2],
    pub power: [f64; 2],
    pub profile: Vec<f64>,
}

impl Default for DeferrableTable {
    fn default() -> Self {
        Self {
            share: 0.7,
            earliest: [7, 11],
            max_delay: [3, 8],
            power: [0.1, 0.3],
            profile: vec![1.0, 0.8, 0.5],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusTable {
    pub id: u32,
    pub load_kw: Option<Series>,
    pub load_kvar: Option<Series>,
    pub solar_kw: Option<Series>,
    #[serde(default)]
    pub battery: Vec<BatteryRow>,
    #[serde(default)]
    pub shapable: Vec<ShapableRow>,
    #[serde(default)]
    pub deferrable: Vec<DeferrableRow>,
    #[serde(default)]
    pub generator: Vec<GeneratorRow>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BatteryRow {
    pub charge_max_kw: f64,
    pub discharge_max_kw: f64,
    pub energy_kwh: f64,
    pub eta_in: f64,
    pub eta_out: f64,
    pub soc_min: f64,
    pub soc_max: f64,
    pub soc_start: f64,
    pub soc_end_min: f64,
    pub soc_end_max: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShapableRow {
    pub start: usize,
    pub end: usize,
    pub energy_kwh: f64,
    #[serde(default)]
    pub power_min_kw: f64,
    pub power_max_kw: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeferrableRow {
    pub earliest: usize,
    pub max_delay: usize,
    pub profile_kw: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GeneratorRow {
    pub alpha: f64,
    pub beta: Series,
    #[serde(default)]
    pub power_min_kw: f64,
    pub power_max_kw: f64,
}
