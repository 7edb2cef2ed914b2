//! A home as community files write it: all fields side by side, devices given by their fields.

use serde::Deserialize;

use super::community::{Hvac, Prosumer, Shiftable, Storage, daily_windows};
use crate::Flaw;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HomeDocument {
    home: u32,
    base_kw: Vec<f64>,
    grid_max_kw: f64,
    #[serde(default)]
    grid_peak_kw: f64,
    trade_max_kw: f64,
    #[serde(default)]
    renewable_kw: Option<Vec<f64>>,
    #[serde(default = "yes")]
    feed_in: bool,
    #[serde(default = "yes")]
    demand_response: bool,
    #[serde(default)]
    dr_baseline_kw: Option<Vec<f64>>,
    // HVAC: all or none.
    hvac_max_kw: Option<f64>,
    rc_h: Option<f64>,
    gamma_c_per_kw: Option<f64>,
    temp_start_c: Option<f64>,
    temp_min_c: Option<f64>,
    temp_max_c: Option<f64>,
    #[serde(default)]
    temp_range_intervals: Option<usize>,
    temp_ref_c: Option<f64>,
    omega_ac: Option<f64>,
    // Shiftable load: the first and the last, or none.
    shift_preferred_kw: Option<Vec<f64>>,
    shift_windows: Option<Vec<[usize; 2]>>,
    #[serde(default)]
    shift_owed_kwh: f64,
    omega_s: Option<f64>,
    #[serde(default)]
    storage: Option<StorageDocument>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct StorageDocument {
    energy_kwh: f64,
    power_kw: f64,
    discharge_power_kw: Option<f64>,
    eta_charge: f64,
    eta_discharge: f64,
    soc_min: f64,
    soc_max: f64,
    soc_start: f64,
    soc_end: f64,
    wear: f64,
}

impl HomeDocument {
    /// The home; windows of the shiftable load are days unless given.
    pub fn read(self, horizon: usize, hours: f64) -> Result<Prosumer, Flaw> {
        let hvac = self.hvac()?;
        Ok(Prosumer {
            home: self.home,
            hvac,
            shiftable: shiftable(
                self.shift_preferred_kw,
                self.shift_windows,
                self.shift_owed_kwh,
                self.omega_s,
                || daily_windows(horizon, hours),
            )?,
            base_kw: self.base_kw,
            grid_max_kw: self.grid_max_kw,
            grid_peak_kw: self.grid_peak_kw,
            trade_max_kw: self.trade_max_kw,
            renewable_kw: self.renewable_kw,
            feed_in: self.feed_in,
            demand_response: self.demand_response,
            dr_baseline_kw: self.dr_baseline_kw,
            storage: self.storage.map(StorageDocument::read),
        })
    }

    fn hvac(&self) -> Result<Option<Hvac>, Flaw> {
        let fields = [
            ("hvac_max_kw", self.hvac_max_kw),
            ("rc_h", self.rc_h),
            ("gamma_c_per_kw", self.gamma_c_per_kw),
            ("temp_start_c", self.temp_start_c),
            ("temp_min_c", self.temp_min_c),
            ("temp_max_c", self.temp_max_c),
            ("temp_ref_c", self.temp_ref_c),
            ("omega_ac", self.omega_ac),
        ];
        let Some((given, _)) = fields.iter().find(|(_, value)| value.is_some()) else {
            return Ok(None);
        };
        let mut values = [0.0; 8];
        for ((key, value), slot) in fields.iter().zip(&mut values) {
            *slot = value.ok_or_else(|| missing(key, "a number", given))?;
        }
        let [max, rc, gamma, start, min, most, reference, omega] = values;
        Ok(Some(Hvac {
            hvac_max_kw: max,
            rc_h: rc,
            gamma_c_per_kw: gamma,
            temp_start_c: start,
            temp_min_c: min,
            temp_max_c: most,
            temp_range_intervals: self.temp_range_intervals,
            temp_ref_c: reference,
            omega_ac: omega,
        }))
    }
}

fn shiftable(
    preferred: Option<Vec<f64>>,
    windows: Option<Vec<[usize; 2]>>,
    shift_owed_kwh: f64,
    omega: Option<f64>,
    daily: impl Fn() -> Vec<std::ops::Range<usize>>,
) -> Result<Option<Shiftable>, Flaw> {
    let given = match (omega, &windows) {
        (Some(_), _) => "omega_s",
        (None, Some(_)) => "shift_windows",
        (None, None) if preferred.is_none() => return Ok(None),
        (None, None) => "shift_preferred_kw",
    };
    let key = "shift_preferred_kw";
    let preferred = preferred.ok_or_else(|| missing(key, "a list of numbers", given))?;
    let omega_s = omega.ok_or_else(|| missing("omega_s", "a number", given))?;
    let pairs = windows.map(|windows| windows.iter().map(|&[start, end]| start..end).collect());
    Ok(Some(Shiftable {
        shift_preferred_kw: preferred,
        shift_windows: pairs.unwrap_or_else(daily),
        shift_owed_kwh,
        omega_s,
    }))
}

fn missing(key: &str, kind: &str, given: &str) -> Flaw {
    Flaw::new(key, "missing", format!("{kind}, as `{given}` is given"))
}

impl StorageDocument {
    fn read(self) -> Storage {
        Storage {
            energy_kwh: self.energy_kwh,
            power_kw: self.power_kw,
            discharge_power_kw: self.discharge_power_kw.unwrap_or(self.power_kw),
            eta_charge: self.eta_charge,
            eta_discharge: self.eta_discharge,
            soc_min: self.soc_min,
            soc_max: self.soc_max,
            soc_start: self.soc_start,
            soc_end: self.soc_end,
            wear: self.wear,
        }
    }
}
