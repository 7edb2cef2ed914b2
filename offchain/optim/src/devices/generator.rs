//! Dispatchable generators away from the root, M(6).

use std::ops::Range;

use gridweave_model::LocalGenerator;

use crate::program::{Program, Term};
use crate::schedule::{SiteSchedule, add_scaled};

/// Variables of one generator.
pub(super) struct GeneratorVars {
    output: Range<usize>,
    alpha: f64,
    beta: Vec<f64>,
}

impl GeneratorVars {
    /// Adds the output with its bounds and its cost.
    pub fn add(
        program: &mut Program,
        generator: &LocalGenerator,
        injection: &mut [Vec<Term>],
    ) -> Self {
        let output = program.variables(injection.len());
        for ((g, net), &beta) in output.clone().zip(injection).zip(&generator.beta) {
            net.push((g, 1.0));
            program.within(g, generator.power_min, generator.power_max);
            program.cost(g, generator.alpha, beta);
        }
        Self {
            output,
            alpha: generator.alpha,
            beta: generator.beta.clone(),
        }
    }

    /// `Σ_t αg² + β_t·g` at the solution `x`, M(6).
    pub fn cost(&self, x: &[f64]) -> f64 {
        let output = &x[self.output.clone()];
        let terms = output.iter().zip(&self.beta);
        terms.map(|(g, beta)| self.alpha * g * g + beta * g).sum()
    }

    /// Adds the generator's part of the solution `x` to `schedule`.
    pub fn read(&self, x: &[f64], schedule: &mut SiteSchedule) {
        add_scaled(&mut schedule.generation, 1.0, &x[self.output.clone()]);
    }
}
