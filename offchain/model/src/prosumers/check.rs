//! Ranges of a community's values.

use std::collections::BTreeSet;

use super::community::{Community, DrBasis, Hvac, Prosumer, Shiftable, Storage, Tariff};
use crate::Flaw;
use crate::check::{above, all_at_least, all_finite, at_least, ensure, length, within};

/// Most intervals of a horizon: four weeks of quarter hours.
const LONGEST: usize = 2_688;

impl Community {
    /// The first value that is not what it must be, by its key in the file format.
    ///
    /// # Errors
    /// A [`Flaw`] with key, value and what was expected.
    pub fn check(&self) -> Result<(), Flaw> {
        self.check_frame()?;
        ensure(
            !self.homes.is_empty(),
            "homes",
            "empty",
            "at least one home",
        )?;
        let mut known = BTreeSet::new();
        for (at, home) in self.homes.iter().enumerate() {
            let own = known.insert(home.home);
            ensure(own, "home", home.home, "a number of its own")
                .and_then(|()| home.check(self.horizon, self.interval_hours))
                .map_err(|flaw| flaw.within(&format!("homes[{at}]")))?;
        }
        Ok(())
    }

    /// As [`Community::check`], but only what concerns the home at position `at`, which must exist.
    ///
    /// # Errors
    /// A [`Flaw`] with key, value and what was expected.
    pub fn check_home(&self, at: usize) -> Result<(), Flaw> {
        self.check_frame()?;
        let count = self.homes.len();
        let home = self
            .homes
            .get(at)
            .ok_or_else(|| Flaw::new("home", at, format!("a position below {count}")))?;
        let checked = home.check(self.horizon, self.interval_hours);
        checked.map_err(|flaw| flaw.within(&format!("homes[{at}]")))
    }

    /// Horizon, tariff and weather.
    fn check_frame(&self) -> Result<(), Flaw> {
        let range = format!("from 1 to {LONGEST} intervals");
        let fits = (1..=LONGEST).contains(&self.horizon);
        ensure(fits, "horizon", self.horizon, range)?;
        above("interval_hours", self.interval_hours, 0.0)?;
        let tariff = self.tariff.check(self.horizon);
        tariff.map_err(|flaw| flaw.within("community"))?;
        let outdoor = "community.outdoor_temp_c";
        length(outdoor, &self.outdoor_temp_c, self.horizon)?;
        all_finite(outdoor, &self.outdoor_temp_c)
    }
}

impl Tariff {
    fn check(&self, horizon: usize) -> Result<(), Flaw> {
        for (key, values) in [
            ("energy_charge", &self.energy_charge),
            ("feed_in_rate", &self.feed_in_rate),
            ("dr_rate", &self.dr_rate),
        ] {
            length(key, values, horizon)?;
            all_at_least(key, values, 0.0)?;
        }
        at_least("demand_charge", self.demand_charge, 0.0)?;
        match self.dr_basis {
            DrBasis::Purchase => self.check_arbitrage(horizon),
            DrBasis::Baseline => Ok(()),
        }
    }

    /// A purchase that earns more than it costs would have no bound but the grid's.
    fn check_arbitrage(&self, horizon: usize) -> Result<(), Flaw> {
        for t in 0..horizon {
            let price = self.energy_charge[t];
            ensure(
                self.dr_rate[t] <= price,
                &format!("dr_rate[{t}]"),
                self.dr_rate[t],
                format!("at most `energy_charge[{t}]`, {price}"),
            )?;
        }
        Ok(())
    }
}

impl Prosumer {
    fn check(&self, horizon: usize, hours: f64) -> Result<(), Flaw> {
        profile("base_kw", &self.base_kw, horizon)?;
        at_least("grid_max_kw", self.grid_max_kw, 0.0)?;
        at_least("grid_peak_kw", self.grid_peak_kw, 0.0)?;
        at_least("trade_max_kw", self.trade_max_kw, 0.0)?;
        if let Some(renewable) = &self.renewable_kw {
            profile("renewable_kw", renewable, horizon)?;
        }
        if let Some(baseline) = &self.dr_baseline_kw {
            profile("dr_baseline_kw", baseline, horizon)?;
        }
        if let Some(hvac) = &self.hvac {
            hvac.check()?;
        }
        if let Some(load) = &self.shiftable {
            load.check(horizon, hours)?;
        }
        if let Some(storage) = &self.storage {
            storage.check().map_err(|flaw| flaw.within("storage"))?;
        }
        Ok(())
    }
}

fn profile(key: &str, values: &[f64], horizon: usize) -> Result<(), Flaw> {
    length(key, values, horizon)?;
    all_at_least(key, values, 0.0)
}

impl Hvac {
    fn check(&self) -> Result<(), Flaw> {
        at_least("hvac_max_kw", self.hvac_max_kw, 0.0)?;
        above("rc_h", self.rc_h, 0.0)?;
        let works = self.gamma_c_per_kw.is_finite() && self.gamma_c_per_kw != 0.0;
        ensure(
            works,
            "gamma_c_per_kw",
            self.gamma_c_per_kw,
            "a number other than 0",
        )?;
        let finite = self.temp_min_c.is_finite();
        ensure(finite, "temp_min_c", self.temp_min_c, "a finite number")?;
        at_least("temp_max_c", self.temp_max_c, self.temp_min_c)?;
        within(
            "temp_start_c",
            self.temp_start_c,
            self.temp_min_c,
            self.temp_max_c,
        )?;
        let finite = self.temp_ref_c.is_finite();
        ensure(finite, "temp_ref_c", self.temp_ref_c, "a finite number")?;
        at_least("omega_ac", self.omega_ac, 0.0)
    }
}

impl Shiftable {
    fn check(&self, horizon: usize, hours: f64) -> Result<(), Flaw> {
        profile("shift_preferred_kw", &self.shift_preferred_kw, horizon)?;
        at_least("omega_s", self.omega_s, 0.0)?;
        let mut free = 0;
        for (at, window) in self.shift_windows.iter().enumerate() {
            let fits = free <= window.start && window.start < window.end && window.end <= horizon;
            ensure(
                fits,
                &format!("shift_windows[{at}]"),
                format_args!("[{}, {}]", window.start, window.end),
                format!("[start, end] with {free} ≤ start < end ≤ {horizon}"),
            )?;
            free = window.end;
        }
        let owed = self.shift_owed_kwh;
        let window = self.shift_windows.first().cloned().unwrap_or(0..0);
        let least = -hours * self.shift_preferred_kw[window].iter().sum::<f64>();
        let fits = owed == 0.0 || owed.is_finite() && owed >= least && least < 0.0;
        ensure(
            fits,
            "shift_owed_kwh",
            owed,
            format!("a number of at least {least}, the preferred energy of the first window"),
        )
    }
}

impl Storage {
    fn check(&self) -> Result<(), Flaw> {
        above("energy_kwh", self.energy_kwh, 0.0)?;
        at_least("power_kw", self.power_kw, 0.0)?;
        at_least("discharge_power_kw", self.discharge_power_kw, 0.0)?;
        for (key, eta) in [
            ("eta_charge", self.eta_charge),
            ("eta_discharge", self.eta_discharge),
        ] {
            let good = eta > 0.0 && eta <= 1.0;
            ensure(good, key, eta, "a number above 0, at most 1")?;
        }
        within("soc_min", self.soc_min, 0.0, 1.0)?;
        within("soc_max", self.soc_max, self.soc_min, 1.0)?;
        within("soc_start", self.soc_start, self.soc_min, self.soc_max)?;
        within("soc_end", self.soc_end, self.soc_min, self.soc_max)?;
        at_least("wear", self.wear, 0.0)
    }
}
