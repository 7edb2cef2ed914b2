//! Deferrable loads, M(9).
//!
//! The departure process `d(t)` rises from 0 to 1; its increments `w_k ≥ 0`, `Σ w_k = 1`, are the
//! fractions of the load that start `k` intervals after the arrival. M(9a) and M(9b) hold because
//! only the delays `0..=ζ` exist.

use std::ops::Range;

use gridweave_model::Deferrable;

use crate::program::{Program, Term};
use crate::schedule::{SiteSchedule, add_scaled};

/// Variables of one deferrable load: its start fractions.
pub(super) struct DeferrableVars {
    starts: Range<usize>,
    /// Column `k` of `Φ`: the load over the horizon if it starts with delay `k`.
    columns: Vec<Vec<f64>>,
}

impl DeferrableVars {
    /// Adds M(9) relaxed, with `Φ` convolving the starts into a load.
    pub fn add(program: &mut Program, load: &Deferrable, injection: &mut [Vec<Term>]) -> Self {
        let intervals = injection.len();
        let starts = program.variables(load.max_delay + 1);
        let columns: Vec<_> = (0..=load.max_delay)
            .map(|delay| load.draw(delay, intervals))
            .collect();
        for (w, column) in starts.clone().zip(&columns) {
            program.at_most(vec![(w, -1.0)], 0.0);
            for (net, &power) in injection.iter_mut().zip(column) {
                if power != 0.0 {
                    net.push((w, -power));
                }
            }
        }
        program.equal(starts.clone().map(|w| (w, 1.0)).collect(), 1.0);
        Self { starts, columns }
    }

    /// Adds the load's part of the solution `x` to `schedule`.
    pub fn read(&self, x: &[f64], schedule: &mut SiteSchedule) {
        let starts = x[self.starts.clone()].to_vec();
        for (&fraction, column) in starts.iter().zip(&self.columns) {
            add_scaled(&mut schedule.deferrable, fraction, column);
        }
        schedule.deferrable_starts.push(starts);
    }
}
