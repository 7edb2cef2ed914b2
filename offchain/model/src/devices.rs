//! Checks of device parameters and small derived quantities.

use crate::check::{
    Flaw, above, all_at_least, all_finite, at_least, ensure, length, within as in_range,
};
use crate::{Battery, Deferrable, LocalGenerator, Shapable};

/// Slack for sums of floats that should meet a limit exactly.
const ROUNDING: f64 = 1e-9;

impl Battery {
    /// Checks M(7b)–M(7f) for a horizon of `hours`: ranges, and that the final state of charge
    /// can be reached.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self, hours: f64) -> Result<(), Flaw> {
        at_least("charge_max", self.charge_max, 0.0)?;
        at_least("discharge_max", self.discharge_max, 0.0)?;
        above("energy", self.energy, 0.0)?;
        for (key, eta) in [("eta_in", self.eta_in), ("eta_out", self.eta_out)] {
            ensure(
                eta > 0.0 && eta <= 1.0,
                key,
                eta,
                "an efficiency above 0, at most 1",
            )?;
        }
        in_range("soc_min", self.soc_min, 0.0, 1.0)?;
        in_range("soc_max", self.soc_max, self.soc_min, 1.0)?;
        in_range("soc_start", self.soc_start, self.soc_min, self.soc_max)?;
        in_range("soc_end_max", self.soc_end_max, self.soc_min, self.soc_max)?;
        in_range(
            "soc_end_min",
            self.soc_end_min,
            self.soc_min,
            self.soc_end_max,
        )?;
        let rise = self.eta_in * self.charge_max * hours / self.energy;
        let fall = self.discharge_max / self.eta_out * hours / self.energy;
        let highest = (self.soc_start + rise).min(self.soc_max);
        let lowest = (self.soc_start - fall).max(self.soc_min);
        ensure(
            self.soc_end_min <= highest + ROUNDING,
            "soc_end_min",
            self.soc_end_min,
            format!("at most {highest}, the most that charging all the time reaches"),
        )?;
        ensure(
            self.soc_end_max >= lowest - ROUNDING,
            "soc_end_max",
            self.soc_end_max,
            format!("at least {lowest}, the least that discharging all the time reaches"),
        )
    }
}

impl Shapable {
    /// Checks M(8a)–M(8b): the window lies within the horizon and can hold the energy.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self, horizon: usize, interval_hours: f64) -> Result<(), Flaw> {
        ensure(
            self.end <= horizon,
            "end",
            self.end,
            format!("at most the horizon, {horizon}"),
        )?;
        ensure(
            self.start < self.end,
            "start",
            self.start,
            format!("less than the end, {}", self.end),
        )?;
        at_least("power_min", self.power_min, 0.0)?;
        at_least("power_max", self.power_max, self.power_min)?;
        let hours = (self.end - self.start) as f64 * interval_hours;
        let (least, most) = (self.power_min * hours, self.power_max * hours);
        ensure(
            self.energy >= least - ROUNDING && self.energy <= most + ROUNDING,
            "energy",
            self.energy,
            format!("from {least} to {most}, what the window of {hours} h can hold"),
        )
    }
}

impl Deferrable {
    /// Checks M(9): every start lies within the horizon and no power is negative.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self, horizon: usize) -> Result<(), Flaw> {
        ensure(
            self.earliest < horizon,
            "earliest",
            self.earliest,
            format!("less than the horizon, {horizon}"),
        )?;
        let most = horizon - 1 - self.earliest;
        ensure(
            self.max_delay <= most,
            "max_delay",
            self.max_delay,
            format!("at most {most}, so that every start lies within the horizon"),
        )?;
        ensure(
            !self.profile.is_empty(),
            "profile",
            "empty",
            "at least one number",
        )?;
        all_at_least("profile", &self.profile, 0.0)
    }

    /// Power drawn per interval when started `delay` intervals after `earliest`, M(9). Profile
    /// intervals beyond the horizon are added to the last one.
    pub fn draw(&self, delay: usize, horizon: usize) -> Vec<f64> {
        let mut draw = vec![0.0; horizon];
        for (k, power) in self.profile.iter().enumerate() {
            let t = (self.earliest + delay + k).min(horizon.saturating_sub(1));
            if let Some(slot) = draw.get_mut(t) {
                *slot += power;
            }
        }
        draw
    }
}

impl LocalGenerator {
    /// Checks M(6): a convex cost and ordered limits.
    ///
    /// # Errors
    /// The first [`Flaw`]; keys are this struct's field names.
    pub fn check(&self, horizon: usize) -> Result<(), Flaw> {
        at_least("alpha", self.alpha, 0.0)?;
        length("beta", &self.beta, horizon)?;
        all_finite("beta", &self.beta)?;
        at_least("power_min", self.power_min, 0.0)?;
        at_least("power_max", self.power_max, self.power_min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn battery() -> Battery {
        Battery {
            charge_max: 1.0,
            discharge_max: 1.0,
            energy: 4.0,
            eta_in: 0.95,
            eta_out: 0.95,
            soc_min: 0.1,
            soc_max: 0.95,
            soc_start: 0.5,
            soc_end_min: 0.5,
            soc_end_max: 0.5,
        }
    }

    #[test]
    fn a_plain_battery_passes() {
        assert_eq!(battery().check(24.0), Ok(()));
    }

    #[test]
    fn an_unreachable_end_is_named() {
        let mut b = battery();
        (b.soc_end_min, b.soc_end_max) = (0.9, 0.95);
        assert_eq!(b.check(24.0), Ok(()));
        assert_eq!(b.check(1.0).unwrap_err().key, "soc_end_min");
        (b.soc_end_min, b.soc_end_max) = (0.1, 0.15);
        assert_eq!(b.check(1.0).unwrap_err().key, "soc_end_max");
    }

    #[test]
    fn a_shapable_load_must_fit_its_window() {
        let mut s = Shapable {
            start: 2,
            end: 6,
            energy: 4.0,
            power_min: 0.0,
            power_max: 1.0,
        };
        assert_eq!(s.check(24, 1.0), Ok(()));
        assert_eq!(s.check(24, 0.5).unwrap_err().key, "energy");
        assert_eq!(s.check(5, 1.0).unwrap_err().key, "end");
        s.start = 6;
        assert_eq!(s.check(24, 1.0).unwrap_err().key, "start");
    }

    #[test]
    fn the_tail_of_a_deferrable_load_piles_on_the_last_interval() {
        let d = Deferrable {
            earliest: 2,
            max_delay: 1,
            profile: vec![1.0, 0.8, 0.5],
        };
        assert_eq!(d.draw(0, 5), [0.0, 0.0, 1.0, 0.8, 0.5]);
        assert_eq!(d.draw(1, 5), [0.0, 0.0, 0.0, 1.0, 0.8 + 0.5]);
        assert_eq!(d.check(4), Ok(()));
        assert_eq!(d.check(3).unwrap_err().key, "max_delay");
    }
}
