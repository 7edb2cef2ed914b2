//! Shapable loads, M(8).

use std::ops::Range;

use gridweave_model::Shapable;

use super::Horizon;
use crate::program::{Program, Term};
use crate::schedule::{SiteSchedule, add_scaled};

/// Slack (relative) below which the energy leaves a load no choice.
const NO_CHOICE: f64 = 1e-9;

/// Variables of one shapable load, one per interval of its window; M(8c)–M(8d) hold by absence.
pub(super) struct ShapableVars {
    window: Range<usize>,
    power: Range<usize>,
    discomfort: f64,
}

impl ShapableVars {
    /// Adds M(8a), M(8b) and `discomfort` times the squared power, C(1a).
    pub fn add(
        program: &mut Program,
        load: &Shapable,
        discomfort: f64,
        horizon: Horizon,
        injection: &mut [Vec<Term>],
    ) -> Self {
        let window = load.start..load.end;
        let power = program.variables(window.len());
        for (t, p) in window.clone().zip(power.clone()) {
            injection[t].push((p, -1.0));
            program.cost(p, discomfort, 0.0);
        }
        let vars = Self {
            window,
            power,
            discomfort,
        };
        match vars.only_power(load, horizon) {
            Some(fixed) => {
                for p in vars.power.clone() {
                    program.equal(vec![(p, 1.0)], fixed);
                }
            }
            None => {
                for p in vars.power.clone() {
                    program.within(p, load.power_min, load.power_max);
                }
                let terms = vars.power.clone().map(|p| (p, horizon.hours)).collect();
                program.equal(terms, load.energy);
            }
        }
        vars
    }

    /// The power of every interval if the energy admits one schedule only.
    fn only_power(&self, load: &Shapable, horizon: Horizon) -> Option<f64> {
        let hours = self.window.len() as f64 * horizon.hours;
        let slack = NO_CHOICE * (load.power_max * hours).abs().max(f64::MIN_POSITIVE);
        let (least, most) = (load.power_min * hours, load.power_max * hours);
        let forced = load.energy - least <= slack || most - load.energy <= slack;
        forced.then(|| load.energy / hours)
    }

    /// Discomfort at the solution `x`.
    pub fn cost(&self, x: &[f64]) -> f64 {
        let powers = &x[self.power.clone()];
        powers
            .iter()
            .map(|power| self.discomfort * power * power)
            .sum()
    }

    /// Adds the load's part of the solution `x` to `schedule`.
    pub fn read(&self, x: &[f64], schedule: &mut SiteSchedule) {
        add_scaled(
            &mut schedule.shapable[self.window.clone()],
            1.0,
            &x[self.power.clone()],
        );
    }
}
