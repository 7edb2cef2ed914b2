//! The table `[crowdsourcing]` of a scenario. `docs/scenarios.md` describes every key; defaults are
//! here.

use serde::Deserialize;

use crate::scenario::series::Series;

/// Powers in kW, prices in currency per MWh, budgets in currency.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CrowdsourcingTable {
    /// Probability that a crowdsourcee is of Type 2.
    #[serde(default = "half")]
    pub type2_share: f64,
    /// Shortage of each feeder, as a share of its uncontrollable load; negative: a surplus.
    pub shortage: Series,
    /// Largest incentive.
    pub incentive_cap: f64,
    #[serde(default = "twice")]
    pub raises: u32,
    pub supplement_price: f64,
    /// Budget of a feeder without one of its own, by the energy that is short or too much in the
    /// scenario's day (currency per MWh).
    pub budget_per_mwh: Option<f64>,
    pub feeder: Vec<FeederRow>,
    #[serde(default)]
    pub variation: VariationTable,
    #[serde(default)]
    pub preferences: PreferencesTable,
    pub acceptance: AcceptanceTable,
}

fn half() -> f64 {
    0.5
}

fn twice() -> u32 {
    2
}

/// A feeder: what hangs below its topmost bus, without the feeders below it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeederRow {
    pub root: u32,
    /// Currency per interval; by the energy that is short without it.
    pub budget: Option<Series>,
}

/// How far the shortage of other days is from that of the scenario's, relative.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VariationTable {
    pub day: f64,
    pub interval: f64,
}

/// Ranges that preferences are drawn from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PreferencesTable {
    /// Hours of the day.
    pub available_from: [u32; 2],
    pub available_until: [u32; 2],
    /// Share of what the devices can do.
    pub power: [f64; 2],
    /// Hours at that power.
    pub energy_hours: [f64; 2],
    /// Share of the hidden reservation price.
    pub floor: [f64; 2],
}

impl Default for PreferencesTable {
    fn default() -> Self {
        Self {
            available_from: [0, 0],
            available_until: [24, 24],
            power: [1.0, 1.0],
            energy_hours: [4.0, 4.0],
            floor: [0.6, 0.9],
        }
    }
}

/// The stochastic acceptance model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptanceTable {
    pub reservation: [f64; 2],
    pub slope: [f64; 2],
    pub spread: f64,
    #[serde(default)]
    pub silence: f64,
    #[serde(default)]
    pub ceiling: [f64; 2],
}
