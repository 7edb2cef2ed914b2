//! A fully specified scheduling problem in per unit: what `optim` solves and what agents act on.
//!
//! Powers are per unit of [`Network::base_mva`], energies per-unit hours, voltages per unit of
//! [`Network::base_kv`]. Every per-interval vector has [`Instance::horizon`] entries. Injection
//! into the grid is positive, consumption negative, unless a field says otherwise.

use serde::{Deserialize, Serialize};

use crate::Flaw;
use crate::check::at_least;

/// One horizon (say 24 hours) of one radial feeder with every device on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Name shown in summaries.
    pub name: String,
    /// Number of intervals `T`.
    pub horizon: usize,
    /// Length of an interval in hours, `Δt` of M(7e).
    pub interval_hours: f64,
    /// The radial network.
    pub network: Network,
    /// The substation's dispatchable generator, at bus index 0.
    pub generator: Generator,
    /// Devices per bus, in the order of [`Network::buses`].
    pub sites: Vec<Site>,
}

/// A radial network in topological order: index 0 is the root and each parent precedes its
/// children.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Power base in MVA.
    pub base_mva: f64,
    /// Voltage base in kV.
    pub base_kv: f64,
    /// Lower limit of the voltage magnitude, M(3).
    pub v_min: f64,
    /// Upper limit of the voltage magnitude, M(3).
    pub v_max: f64,
    /// Buses in topological order.
    pub buses: Vec<Bus>,
}

/// A bus and the branch to its parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bus {
    /// The bus number of the source data.
    pub id: u32,
    /// Index of the parent bus; `None` for the root only.
    pub parent: Option<usize>,
    /// Resistance of the branch to the parent (per unit), 0 at the root.
    pub r: f64,
    /// Reactance of the branch to the parent (per unit), 0 at the root.
    pub x: f64,
}

/// The substation generator with cost `αg² + β_t·g` per interval, M(6); its output is at least 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    /// Quadratic coefficient `α` (currency per pu² and interval).
    pub alpha: f64,
    /// Linear coefficients `β_t` (currency per pu and interval).
    pub beta: Vec<f64>,
}

/// Everything connected at one bus.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Site {
    /// Uncontrollable real load `p^u` (consumption positive).
    pub load_p: Vec<f64>,
    /// Uncontrollable reactive load `q^u` (consumption positive).
    pub load_q: Vec<f64>,
    /// Renewable generation `p^r` (injection positive), not curtailed.
    pub solar: Vec<f64>,
    /// Stationary batteries, M(7).
    pub batteries: Vec<Battery>,
    /// Shapable loads, M(8).
    pub shapables: Vec<Shapable>,
    /// Deferrable loads, M(9).
    pub deferrables: Vec<Deferrable>,
    /// Dispatchable generators away from the root, M(6).
    pub generators: Vec<LocalGenerator>,
    /// What the use of the devices costs their owner, C(1a).
    #[serde(default)]
    pub user_cost: UserCost,
}

/// What an owner counts for the use of its devices, the user-defined costs of C(1a). The owner is
/// not paid for them by name; they keep the schedule from using devices for little.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct UserCost {
    /// Wear `w` of the batteries: `w·(c + d)` (currency per pu and interval).
    pub battery_wear: f64,
    /// Discomfort `ω` of shapable loads: `ω·p²` of each (currency per pu² and interval); since the
    /// energy is given, least when drawn evenly.
    pub shapable_discomfort: f64,
}

impl UserCost {
    /// Checks that both costs are convex.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self) -> Result<(), Flaw> {
        at_least("battery_wear", self.battery_wear, 0.0)?;
        at_least("shapable_discomfort", self.shapable_discomfort, 0.0)
    }
}

/// A battery, M(7). Energies are fractions of `energy`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Battery {
    /// Largest charging power, M(7b).
    pub charge_max: f64,
    /// Largest discharging power, M(7c).
    pub discharge_max: f64,
    /// Energy capacity (pu·h).
    pub energy: f64,
    /// Charging efficiency.
    pub eta_in: f64,
    /// Discharging efficiency.
    pub eta_out: f64,
    /// Least state of charge, M(7d).
    pub soc_min: f64,
    /// Largest state of charge, M(7d).
    pub soc_max: f64,
    /// State of charge before the first interval.
    pub soc_start: f64,
    /// Least state of charge after the last interval, M(7f).
    pub soc_end_min: f64,
    /// Largest state of charge after the last interval, M(7f).
    pub soc_end_max: f64,
}

/// A shapable load, M(8): draws `energy` in the intervals `start ≤ t < end`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shapable {
    /// First interval in which it may draw.
    pub start: usize,
    /// First interval in which it may no longer draw.
    pub end: usize,
    /// Net energy demand (pu·h), M(8b).
    pub energy: f64,
    /// Least power while allowed to draw, M(8a).
    pub power_min: f64,
    /// Largest power, M(8a).
    pub power_max: f64,
}

/// A deferrable load, M(9): runs `profile` once, starting `0..=max_delay` intervals after
/// `earliest`. Profile intervals beyond the horizon are added to the last interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deferrable {
    /// Interval of the arrival `a(t)`.
    pub earliest: usize,
    /// Largest delay `ζ` in intervals.
    pub max_delay: usize,
    /// Power per interval once started, `l(τ)` (consumption positive).
    pub profile: Vec<f64>,
}

/// A dispatchable generator away from the root with cost `αg² + β_t·g` per interval, M(6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalGenerator {
    /// Quadratic cost coefficient.
    pub alpha: f64,
    /// Linear cost coefficients, one per interval.
    pub beta: Vec<f64>,
    /// Least output.
    pub power_min: f64,
    /// Largest output.
    pub power_max: f64,
}

impl Site {
    /// Uncontrollable net injection `p^r − p^u` per interval.
    pub fn base_injection(&self) -> Vec<f64> {
        self.solar
            .iter()
            .zip(&self.load_p)
            .map(|(solar, load)| solar - load)
            .collect()
    }

    /// Whether the site has anything to schedule.
    pub fn is_controllable(&self) -> bool {
        !(self.batteries.is_empty()
            && self.shapables.is_empty()
            && self.deferrables.is_empty()
            && self.generators.is_empty())
    }

    /// Whether an answer of this site has a private cost of its own.
    pub fn has_private_cost(&self) -> bool {
        let wears = self.user_cost.battery_wear > 0.0 && !self.batteries.is_empty();
        let discomforts = self.user_cost.shapable_discomfort > 0.0 && !self.shapables.is_empty();
        wears || discomforts || !self.generators.is_empty()
    }
}
