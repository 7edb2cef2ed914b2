//! Homes with optional devices, their tariff and the community they form. Numbers are in kW, kWh, °C
//! and currency; `T` is the number of intervals and `Δt` their length in hours. Field names are those
//! of the file format, so that a complaint about a value names its key. `Y(..)` are the equations of
//! Yang and Wang, *Exploring blockchain for the coordination of distributed energy resources*.

use std::ops::Range;

use serde::Deserialize;

/// A community of prosumers over one horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Community {
    /// Name shown in summaries.
    pub name: String,
    /// Number of intervals `T`.
    pub horizon: usize,
    /// Length of an interval `Δt` (h).
    pub interval_hours: f64,
    /// What the grid charges and pays.
    pub tariff: Tariff,
    /// Outdoor temperature `τ^Out` (°C), `T` numbers.
    pub outdoor_temp_c: Vec<f64>,
    /// The homes.
    pub homes: Vec<Prosumer>,
}

/// What the grid charges and pays, the same for every home.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    /// Energy charge `π_E` (currency per kWh), `T` numbers.
    pub energy_charge: Vec<f64>,
    /// Demand charge `π_D` on the highest purchase of the horizon (currency per kW).
    pub demand_charge: f64,
    /// Feed-in tariff `π^FIT` (currency per kWh), `T` numbers.
    pub feed_in_rate: Vec<f64>,
    /// Reward of demand response `π^DR` (currency per kWh), `T` numbers; a request stands wherever
    /// it is above 0.
    pub dr_rate: Vec<f64>,
    /// What demand response is counted from.
    pub dr_basis: DrBasis,
}

/// What demand response is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrBasis {
    /// The purchase itself, Y(12) and Y(13): a home buys, is rewarded for a part and goes without it.
    #[default]
    Purchase,
    /// The home's baseline, fixed before: while a request stands a home is paid `π^DR` for every kWh
    /// that it buys less than its baseline, and pays `π^DR` for every kWh that it buys more.
    Baseline,
}

/// How a home answers a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Request {
    /// By going without a part of what it buys.
    Purchase,
    /// By buying less than this (kW).
    Baseline(f64),
}

/// A home. Any device may be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Prosumer {
    /// Its number, unique in the community.
    pub home: u32,
    /// Load that cannot be moved (kW), `T` numbers: the term that Y(13) lacks.
    pub base_kw: Vec<f64>,
    /// Most power bought from the grid `P^G`, Y(1) (kW).
    pub grid_max_kw: f64,
    /// Highest purchase of the billing period before interval 0 (kW): the demand charge is on this
    /// one or a higher one.
    pub grid_peak_kw: f64,
    /// Most power traded with other homes, either way (kW); with each partner where trade is
    /// bilateral.
    pub trade_max_kw: f64,
    /// Heating or cooling.
    pub hvac: Option<Hvac>,
    /// Load that may be moved.
    pub shiftable: Option<Shiftable>,
    /// Available renewable power `P^RE` (kW), `T` numbers; none if absent.
    pub renewable_kw: Option<Vec<f64>>,
    /// Whether renewable power may be fed in, Y(11).
    pub feed_in: bool,
    /// Whether the home takes part in demand response, Y(12).
    pub demand_response: bool,
    /// What it would buy without demand response and without trade (kW), `T` numbers. Where demand
    /// response is counted from baselines, a home without one does not take part.
    pub dr_baseline_kw: Option<Vec<f64>>,
    /// A battery.
    pub storage: Option<Storage>,
}

/// Heating or cooling of one room, Y(2) and Y(3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hvac {
    /// Most power (kW).
    pub hvac_max_kw: f64,
    /// Time constant `RC` of the building (h).
    pub rc_h: f64,
    /// Change of temperature that one kW makes in the next interval `γ` (°C per kW); negative cools.
    pub gamma_c_per_kw: f64,
    /// Temperature in interval 0 (°C).
    pub temp_start_c: f64,
    /// Lower end of the comfort range (°C).
    pub temp_min_c: f64,
    /// Upper end of the comfort range (°C).
    pub temp_max_c: f64,
    /// Intervals in which the comfort range must be kept, from interval 0 on; all of them unless given.
    /// Where weather is only expected nothing could be promised, least by what only cools.
    pub temp_range_intervals: Option<usize>,
    /// Preferred temperature `τ^Ref` (°C).
    pub temp_ref_c: f64,
    /// Sensitivity `ω_AC` (currency per °C² and interval).
    pub omega_ac: f64,
}

/// Load that may be moved within windows, Y(4).
#[derive(Debug, Clone, PartialEq)]
pub struct Shiftable {
    /// Preferred profile `P^S` (kW), `T` numbers.
    pub shift_preferred_kw: Vec<f64>,
    /// Windows, ascending and disjoint; each keeps its preferred energy. Load outside all of them
    /// stays where it is preferred.
    pub shift_windows: Vec<Range<usize>>,
    /// Energy that the first window has to run besides its preferred energy, since it was not run
    /// before interval 0 (kWh); negative where more was run than preferred.
    pub shift_owed_kwh: f64,
    /// Sensitivity `ω_S` (currency per kW² and interval).
    pub omega_s: f64,
}

/// A battery, Y(6) to Y(9).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage {
    /// Capacity `E^B` (kWh).
    pub energy_kwh: f64,
    /// Most charging power `P^CH` (kW).
    pub power_kw: f64,
    /// Most discharging power `P^DIS` (kW).
    pub discharge_power_kw: f64,
    /// Efficiency of charging `η^CH`.
    pub eta_charge: f64,
    /// Efficiency of discharging `η^DIS`.
    pub eta_discharge: f64,
    /// Least fraction of the capacity.
    pub soc_min: f64,
    /// Largest fraction of the capacity.
    pub soc_max: f64,
    /// Fraction before interval 0.
    pub soc_start: f64,
    /// Fraction after the last interval.
    pub soc_end: f64,
    /// Wear `β^B` (currency per kWh charged and per kWh discharged).
    pub wear: f64,
}

impl Tariff {
    /// What one kWh more costs that is bought in interval `t` (currency per kWh): the energy charge,
    /// and the reward that is forgone by it.
    pub fn marginal(&self, t: usize) -> f64 {
        match self.dr_basis {
            DrBasis::Purchase => self.energy_charge[t],
            DrBasis::Baseline => self.energy_charge[t] + self.dr_rate[t],
        }
    }

    /// Mean distance between what a purchase costs and what feed-in earns (currency per kWh): what
    /// trade is about.
    pub fn spread(&self) -> f64 {
        let count = self.feed_in_rate.len().max(1) as f64;
        let rates = self.feed_in_rate.iter().enumerate();
        rates.map(|(t, fed)| self.marginal(t) - fed).sum::<f64>() / count
    }

    /// The part of a purchase that is not used when `response` (kW) is sold as demand response.
    pub fn withheld(&self, response: f64) -> f64 {
        match self.dr_basis {
            DrBasis::Purchase => response,
            DrBasis::Baseline => 0.0,
        }
    }

    /// The request that `home` answers in interval `t`, if there is one and it takes part.
    pub fn request(&self, home: &Prosumer, t: usize) -> Option<Request> {
        if self.dr_rate[t] <= 0.0 || !home.demand_response {
            return None;
        }
        match self.dr_basis {
            DrBasis::Purchase => Some(Request::Purchase),
            DrBasis::Baseline => {
                let baseline = home.dr_baseline_kw.as_ref()?;
                Some(Request::Baseline(baseline[t]))
            }
        }
    }
}

impl Hvac {
    /// Share of the difference to the outdoor temperature that is left after an interval of `hours`,
    /// `e^(−Δt/RC)` of Y(2).
    pub fn decay(&self, hours: f64) -> f64 {
        (-hours / self.rc_h).exp()
    }

    /// Whether the comfort range must be kept in interval `t`.
    pub fn is_bound(&self, t: usize) -> bool {
        self.temp_range_intervals.is_none_or(|count| t < count)
    }
}

impl Shiftable {
    /// Whether load may be moved in interval `t`.
    pub fn is_movable(&self, t: usize) -> bool {
        self.shift_windows.iter().any(|window| window.contains(&t))
    }

    /// What the powers of window number `at` must sum to (kW), Y(4), with intervals of `hours`.
    pub fn window_total(&self, at: usize, hours: f64) -> f64 {
        let Some(window) = self.shift_windows.get(at) else {
            return 0.0;
        };
        let preferred: f64 = self.shift_preferred_kw[window.clone()].iter().sum();
        match at {
            0 => preferred + self.shift_owed_kwh / hours,
            _ => preferred,
        }
    }
}

impl Prosumer {
    /// Available renewable power in interval `t` (kW).
    pub fn renewable(&self, t: usize) -> f64 {
        let profile = self.renewable_kw.as_ref();
        profile.and_then(|p| p.get(t)).copied().unwrap_or(0.0)
    }
}

/// Windows of one day each, the last one shorter where the horizon ends within a day.
pub fn daily_windows(horizon: usize, interval_hours: f64) -> Vec<Range<usize>> {
    let day = ((24.0 / interval_hours).round() as usize).max(1);
    (0..horizon)
        .step_by(day)
        .map(|start| start..(start + day).min(horizon))
        .collect()
}
