//! Rows of a home's devices: Y(2) to Y(9) and Y(11).

use std::ops::Range;

use gridweave_model::prosumers::{Hvac, Shiftable, Storage};

use super::vars::Builder;

impl Builder<'_, '_> {
    /// Y(2), Y(3) and `C^AC`; power and temperature.
    pub fn hvac(&mut self, hvac: &Hvac) -> [Range<usize>; 2] {
        let (power, indoor) = (self.variables(), self.variables());
        let decay = hvac.decay(self.community.interval_hours);
        for t in 0..self.horizon() {
            let (p, temperature) = (power.start + t, indoor.start + t);
            self.balance[t].push((p, 1.0));
            self.program.within(p, 0.0, hvac.hvac_max_kw);
            let slope = -2.0 * hvac.omega_ac * hvac.temp_ref_c;
            self.cost(temperature, hvac.omega_ac, slope);
            self.constant += hvac.omega_ac * hvac.temp_ref_c * hvac.temp_ref_c;
            if t == 0 {
                // Within the comfort range, as was checked.
                let start = vec![(temperature, 1.0)];
                self.program.equal(start, hvac.temp_start_c);
                continue;
            }
            let outdoor = self.community.outdoor_temp_c[t];
            let terms = vec![
                (temperature, 1.0),
                (temperature - 1, -decay),
                (p - 1, -hvac.gamma_c_per_kw),
            ];
            self.program.equal(terms, outdoor * (1.0 - decay));
            self.comfort(hvac, temperature, t);
        }
        [power, indoor]
    }

    fn comfort(&mut self, hvac: &Hvac, temperature: usize, t: usize) {
        let (low, high) = (hvac.temp_min_c, hvac.temp_max_c);
        match &mut self.elastic {
            None => self.program.within(temperature, low, high),
            Some(elastic) => {
                let [below, above] = elastic.comfort(self.program, t);
                let cold = vec![(temperature, -1.0), (below, -1.0)];
                self.program.at_most(cold, -low);
                let hot = vec![(temperature, 1.0), (above, -1.0)];
                self.program.at_most(hot, high);
            }
        }
    }

    /// Y(4) and `C^S`.
    pub fn shiftable(&mut self, load: &Shiftable) -> Range<usize> {
        let power = self.variables();
        for (t, p) in power.clone().enumerate() {
            let preferred = load.shift_preferred_kw[t];
            self.balance[t].push((p, 1.0));
            self.cost(p, load.omega_s, -2.0 * load.omega_s * preferred);
            self.constant += load.omega_s * preferred * preferred;
            if load.is_movable(t) {
                self.at_least_zero(p);
            } else {
                self.program.equal(vec![(p, 1.0)], preferred);
            }
        }
        for (at, window) in load.shift_windows.iter().enumerate() {
            let wanted = load.window_total(at, self.community.interval_hours);
            let terms = window.clone().map(|t| (power.start + t, 1.0)).collect();
            self.program.equal(terms, wanted);
        }
        power
    }

    /// Y(5) and Y(11): `0 ≤ p^RE`, `0 ≤ p^FIT`, `p^RE + p^FIT ≤ P^RE`.
    pub fn renewable(&mut self) -> (Option<Range<usize>>, Option<Range<usize>>) {
        if self.home.renewable_kw.is_none() {
            return (None, None);
        }
        let used = self.variables();
        let fed = self.home.feed_in.then(|| self.variables());
        for (t, p) in used.clone().enumerate() {
            self.balance[t].push((p, -1.0));
            let available = self.home.renewable(t);
            let mut sum = vec![(p, 1.0)];
            if let Some(fed) = &fed {
                let f = fed.start + t;
                let rate = self.community.tariff.feed_in_rate[t];
                self.cost(f, 0.0, -rate * self.community.interval_hours);
                sum.push((f, 1.0));
            }
            if available > 0.0 {
                for &(variable, _) in &sum {
                    self.at_least_zero(variable);
                }
                self.program.at_most(sum, available);
            } else {
                for term in sum {
                    self.program.equal(vec![term], 0.0);
                }
            }
        }
        (Some(used), fed)
    }

    /// Y(6) to Y(9) and `C^B`; charge, discharge, stored energy.
    pub fn storage(&mut self, storage: &Storage) -> [Range<usize>; 3] {
        let (charge, discharge, stored) = (self.variables(), self.variables(), self.variables());
        let (hours, capacity) = (self.community.interval_hours, storage.energy_kwh);
        let last = self.horizon() - 1;
        for t in 0..=last {
            let (c, d, e) = (charge.start + t, discharge.start + t, stored.start + t);
            self.balance[t].extend([(c, 1.0), (d, -1.0)]);
            self.cost(c, 0.0, storage.wear * hours);
            self.cost(d, 0.0, storage.wear * hours);
            self.program.within(c, 0.0, storage.power_kw);
            self.program.within(d, 0.0, storage.discharge_power_kw);
            let mut terms = vec![
                (e, 1.0),
                (c, -hours * storage.eta_charge),
                (d, hours / storage.eta_discharge),
            ];
            let mut before = storage.soc_start * capacity;
            if t > 0 {
                terms.push((e - 1, -1.0));
                before = 0.0;
            }
            self.program.equal(terms, before);
            if t < last {
                let (low, high) = (storage.soc_min * capacity, storage.soc_max * capacity);
                self.program.within(e, low, high);
            }
        }
        self.end_state(stored.start + last, storage.soc_end * capacity);
        [charge, discharge, stored]
    }

    fn end_state(&mut self, stored: usize, wanted: f64) {
        let mut terms = vec![(stored, 1.0)];
        let last = self.horizon() - 1;
        if let Some(elastic) = &mut self.elastic {
            let [missing, left] = elastic.storage(self.program, last);
            terms.extend([(missing, 1.0), (left, -1.0)]);
        }
        self.program.equal(terms, wanted);
    }
}
