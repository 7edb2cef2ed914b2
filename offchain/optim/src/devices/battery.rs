//! Batteries, M(7).

use std::ops::Range;

use gridweave_model::Battery;

use super::Horizon;
use crate::program::{Program, Term};
use crate::schedule::{SiteSchedule, add_scaled};

/// Variables of one battery, each a range of `T`.
pub(super) struct BatteryVars {
    charge: Range<usize>,
    discharge: Range<usize>,
    /// Stored energy at the end of each interval (pu·h).
    energy: Range<usize>,
    wear: f64,
}

impl BatteryVars {
    /// Adds M(7a)–M(7f), the last as the range the end state must lie in, and `wear` per unit of
    /// power either way, C(1a).
    pub fn add(
        program: &mut Program,
        battery: &Battery,
        wear: f64,
        horizon: Horizon,
        injection: &mut [Vec<Term>],
    ) -> Self {
        let intervals = horizon.intervals;
        let vars = Self {
            charge: program.variables(intervals),
            discharge: program.variables(intervals),
            energy: program.variables(intervals),
            wear,
        };
        for (t, net) in injection.iter_mut().enumerate() {
            let (c, d) = (vars.charge.start + t, vars.discharge.start + t);
            net.extend([(d, 1.0), (c, -1.0)]);
            program.within(c, 0.0, battery.charge_max);
            program.within(d, 0.0, battery.discharge_max);
            program.cost(c, 0.0, wear);
            program.cost(d, 0.0, wear);
        }
        vars.add_storage(program, battery, horizon);
        vars
    }

    /// M(7d)–M(7f): the energy balance and its bounds.
    fn add_storage(&self, program: &mut Program, battery: &Battery, horizon: Horizon) {
        let last = horizon.intervals - 1;
        for t in 0..horizon.intervals {
            let e = self.energy.start + t;
            let mut terms = vec![
                (e, 1.0),
                (self.charge.start + t, -horizon.hours * battery.eta_in),
                (self.discharge.start + t, horizon.hours / battery.eta_out),
            ];
            let mut before = 0.0;
            if t == 0 {
                before = battery.soc_start * battery.energy;
            } else {
                terms.push((e - 1, -1.0));
            }
            program.equal(terms, before);
            let (mut least, mut most) = (battery.soc_min, battery.soc_max);
            if t == last {
                least = least.max(battery.soc_end_min);
                most = most.min(battery.soc_end_max);
            }
            program.within(e, least * battery.energy, most * battery.energy);
        }
    }

    /// Wear at the solution `x`.
    pub fn cost(&self, x: &[f64]) -> f64 {
        let moved = self.charge.clone().chain(self.discharge.clone());
        moved.map(|power| self.wear * x[power]).sum()
    }

    /// Adds the battery's part of the solution `x` to `schedule`.
    pub fn read(&self, x: &[f64], schedule: &mut SiteSchedule) {
        add_scaled(&mut schedule.charge, 1.0, &x[self.charge.clone()]);
        add_scaled(&mut schedule.discharge, 1.0, &x[self.discharge.clone()]);
        add_scaled(&mut schedule.soc, 1.0, &x[self.energy.clone()]);
    }
}
