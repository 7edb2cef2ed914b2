//! What a home does: its schedule, what it costs, and whether it may be done.

use super::community::{Community, Hvac, Prosumer, Request, Shiftable, Storage};
use crate::Flaw;
use crate::check::{ensure, length};

/// Powers (kW), stored energy (kWh) and temperature (°C) of one home, `T` numbers each; zeros for
/// devices that it has not got.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HomeSchedule {
    /// Purchase from the grid `p^G`.
    pub grid: Vec<f64>,
    /// Reduction sold as demand response `p^DR`; below 0 where a home buys more than its baseline.
    pub demand_response: Vec<f64>,
    /// HVAC load `p^AC`.
    pub hvac: Vec<f64>,
    /// Indoor temperature `τ^In` (°C).
    pub temperature: Vec<f64>,
    /// Shiftable load `p^S`.
    pub shiftable: Vec<f64>,
    /// Renewable power used or traded `p^RE`.
    pub renewable: Vec<f64>,
    /// Renewable power fed in `p^FIT`.
    pub feed_in: Vec<f64>,
    /// Charging power `p^CH`.
    pub charge: Vec<f64>,
    /// Discharging power `p^DIS`.
    pub discharge: Vec<f64>,
    /// Stored energy at the end of the interval `e^B` (kWh).
    pub stored: Vec<f64>,
    /// Net sale to other homes `Σ_j p^ET_ij`.
    pub trade: Vec<f64>,
}

/// Terms of a home's cost (currency); revenue is negative.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CostBreakdown {
    /// Energy charge of `C^G`.
    pub energy: f64,
    /// Demand charge of `C^G`.
    pub demand: f64,
    /// Thermal discomfort `C^AC`.
    pub thermal: f64,
    /// Discomfort of shifted load `C^S`.
    pub shifting: f64,
    /// Wear of the battery `C^B`.
    pub wear: f64,
    /// Feed-in revenue `−R^FIT`.
    pub feed_in: f64,
    /// Demand response revenue `−R^DR`.
    pub demand_response: f64,
}

impl CostBreakdown {
    /// The home's cost without payments for trade.
    pub fn total(&self) -> f64 {
        let discomfort = self.thermal + self.shifting;
        self.energy + self.demand + discomfort + self.wear + self.feed_in + self.demand_response
    }
}

impl HomeSchedule {
    /// What the schedule costs `home`, payments for trade left out.
    pub fn cost(&self, community: &Community, home: &Prosumer) -> CostBreakdown {
        let tariff = &community.tariff;
        let hours = community.interval_hours;
        let priced = |rates: &[f64], powers: &[f64]| {
            let pairs = rates.iter().zip(powers);
            hours * pairs.map(|(rate, power)| rate * power).sum::<f64>()
        };
        let thermal = |hvac: &Hvac| {
            let off = self.temperature.iter().map(|t| t - hvac.temp_ref_c);
            hvac.omega_ac * off.map(|d| d * d).sum::<f64>()
        };
        let shifting = |load: &Shiftable| {
            let pairs = self.shiftable.iter().zip(&load.shift_preferred_kw);
            load.omega_s * pairs.map(|(p, q)| (p - q) * (p - q)).sum::<f64>()
        };
        let cycled: f64 = self.charge.iter().chain(&self.discharge).sum();
        CostBreakdown {
            energy: priced(&tariff.energy_charge, &self.grid),
            demand: tariff.demand_charge * self.peak().max(home.grid_peak_kw),
            thermal: home.hvac.as_ref().map_or(0.0, thermal),
            shifting: home.shiftable.as_ref().map_or(0.0, shifting),
            wear: home.storage.map_or(0.0, |s| s.wear * hours * cycled),
            feed_in: -priced(&tariff.feed_in_rate, &self.feed_in),
            demand_response: -priced(&tariff.dr_rate, &self.demand_response),
        }
    }

    /// Highest purchase from the grid (kW).
    pub fn peak(&self) -> f64 {
        self.grid.iter().copied().fold(0.0, f64::max)
    }

    /// The first constraint of Y(1) to Y(13) that the schedule breaks by more than `tolerance` (kW,
    /// kWh or °C).
    ///
    /// # Errors
    /// A [`Flaw`] whose key is the quantity and its interval.
    pub fn check(
        &self,
        community: &Community,
        home: &Prosumer,
        tolerance: f64,
    ) -> Result<(), Flaw> {
        for (key, values) in self.named() {
            length(key, values, community.horizon)?;
        }
        let case = Case {
            community,
            home,
            schedule: self,
            tolerance,
        };
        for t in 0..community.horizon {
            case.check_flows(t)?;
            case.check_balance(t)?;
        }
        case.check_temperature()?;
        case.check_shiftable()?;
        case.check_storage()
    }

    fn named(&self) -> [(&'static str, &[f64]); 11] {
        [
            ("grid", &self.grid),
            ("demand_response", &self.demand_response),
            ("hvac", &self.hvac),
            ("temperature", &self.temperature),
            ("shiftable", &self.shiftable),
            ("renewable", &self.renewable),
            ("feed_in", &self.feed_in),
            ("charge", &self.charge),
            ("discharge", &self.discharge),
            ("stored", &self.stored),
            ("trade", &self.trade),
        ]
    }
}

/// A schedule under scrutiny.
struct Case<'a> {
    community: &'a Community,
    home: &'a Prosumer,
    schedule: &'a HomeSchedule,
    tolerance: f64,
}

impl Case<'_> {
    fn within(&self, key: &str, t: usize, value: f64, least: f64, most: f64) -> Result<(), Flaw> {
        let fits = value >= least - self.tolerance && value <= most + self.tolerance;
        ensure(
            fits,
            &format!("{key}[{t}]"),
            value,
            format!("a number from {least} to {most}"),
        )
    }

    fn equal(&self, key: &str, t: usize, value: f64, expected: f64) -> Result<(), Flaw> {
        let fits = (value - expected).abs() <= self.tolerance;
        ensure(fits, &format!("{key}[{t}]"), value, expected.to_string())
    }

    /// Y(1), Y(5), Y(8), Y(9), Y(11), Y(12).
    fn check_flows(&self, t: usize) -> Result<(), Flaw> {
        let (s, home) = (self.schedule, self.home);
        self.within("grid", t, s.grid[t], 0.0, home.grid_max_kw)?;
        self.check_response(t)?;
        let available = home.renewable(t);
        self.within("renewable", t, s.renewable[t], 0.0, available)?;
        let left = if home.feed_in {
            (available - s.renewable[t]).max(0.0)
        } else {
            0.0
        };
        self.within("feed_in", t, s.feed_in[t], 0.0, left)?;
        let storage = home.storage.as_ref();
        let power = |of: fn(&Storage) -> f64| storage.map_or(0.0, of);
        let charge = power(|storage| storage.power_kw);
        self.within("charge", t, s.charge[t], 0.0, charge)?;
        let discharge = power(|storage| storage.discharge_power_kw);
        self.within("discharge", t, s.discharge[t], 0.0, discharge)?;
        let hvac = home.hvac.map_or(0.0, |hvac| hvac.hvac_max_kw);
        self.within("hvac", t, s.hvac[t], 0.0, hvac)
    }

    /// Y(12), or the baseline.
    fn check_response(&self, t: usize) -> Result<(), Flaw> {
        let (key, s) = ("demand_response", self.schedule);
        let response = s.demand_response[t];
        match self.community.tariff.request(self.home, t) {
            None => self.within(key, t, response, 0.0, 0.0),
            Some(Request::Purchase) => self.within(key, t, response, 0.0, s.grid[t]),
            Some(Request::Baseline(baseline)) => self.equal(key, t, response, baseline - s.grid[t]),
        }
    }

    /// Y(13) with the base load.
    fn check_balance(&self, t: usize) -> Result<(), Flaw> {
        let s = self.schedule;
        let demand = self.home.base_kw[t] + s.hvac[t] + s.shiftable[t] + s.charge[t] + s.trade[t];
        let withheld = self.community.tariff.withheld(s.demand_response[t]);
        let supply = s.renewable[t] + s.grid[t] - withheld + s.discharge[t];
        self.equal("supply", t, supply, demand)
    }

    /// Y(2) and Y(3).
    fn check_temperature(&self) -> Result<(), Flaw> {
        let Some(hvac) = &self.home.hvac else {
            return Ok(());
        };
        let decay = hvac.decay(self.community.interval_hours);
        for (t, &indoor) in self.schedule.temperature.iter().enumerate() {
            let (low, high) = (hvac.temp_min_c, hvac.temp_max_c);
            if hvac.is_bound(t) {
                self.within("temperature", t, indoor, low, high)?;
            }
            let expected = match t.checked_sub(1) {
                None => hvac.temp_start_c,
                Some(before) => {
                    let outdoor = self.community.outdoor_temp_c[t];
                    let drift = (outdoor - self.schedule.temperature[before]) * decay;
                    outdoor - drift + hvac.gamma_c_per_kw * self.schedule.hvac[before]
                }
            };
            self.equal("temperature", t, indoor, expected)?;
        }
        Ok(())
    }

    /// Y(4).
    fn check_shiftable(&self) -> Result<(), Flaw> {
        let Some(load) = &self.home.shiftable else {
            let idle = |t, &power: &f64| self.within("shiftable", t, power, 0.0, 0.0);
            let mut powers = self.schedule.shiftable.iter().enumerate();
            return powers.try_for_each(|(t, power)| idle(t, power));
        };
        let (powers, preferred) = (&self.schedule.shiftable, &load.shift_preferred_kw);
        for (t, &power) in powers.iter().enumerate() {
            self.within("shiftable", t, power, 0.0, f64::INFINITY)?;
            if !load.is_movable(t) {
                self.equal("shiftable", t, power, preferred[t])?;
            }
        }
        for (at, window) in load.shift_windows.iter().enumerate() {
            let moved = powers[window.clone()].iter().sum();
            let wanted = load.window_total(at, self.community.interval_hours);
            self.equal("shiftable of the window from", window.start, moved, wanted)?;
        }
        Ok(())
    }

    /// Y(6) and Y(7).
    fn check_storage(&self) -> Result<(), Flaw> {
        let Some(storage) = &self.home.storage else {
            return Ok(());
        };
        let (s, hours) = (self.schedule, self.community.interval_hours);
        let capacity = storage.energy_kwh;
        let mut before = storage.soc_start * capacity;
        for (t, &stored) in s.stored.iter().enumerate() {
            let flow = storage.eta_charge * s.charge[t] - s.discharge[t] / storage.eta_discharge;
            self.equal("stored", t, stored, before + hours * flow)?;
            let (low, high) = (storage.soc_min * capacity, storage.soc_max * capacity);
            self.within("stored", t, stored, low, high)?;
            before = stored;
        }
        let last = self.community.horizon - 1;
        self.equal("stored", last, before, storage.soc_end * capacity)
    }
}
