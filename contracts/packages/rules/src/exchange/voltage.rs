//! Augmented Lagrangian for voltage limits (squared magnitudes).

use gridweave_units::{Acc, Fx};

use super::linearization::Linearization;
use super::problem::Problem;
use crate::distflow::adjoint;

/// Penalty parameters of one master.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoltageParams {
    /// Penalty `σ`.
    pub sigma: Fx,
    /// Safety margin above the lower limit.
    pub margin: Fx,
    /// Largest multiplier.
    pub cap: Fx,
}

/// Multipliers `μ`: positive at the lower limit, negative at the upper; `T` rows, one per bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoltageState {
    /// The multipliers.
    pub multipliers: Vec<Vec<Fx>>,
}

/// A multiplier and its slope with respect to the voltage.
pub(super) struct Force {
    /// `ν`.
    pub value: Fx,
    /// Whether `−dν/dv = σ` (else 0).
    pub active: bool,
}

impl VoltageState {
    /// All multipliers zero.
    pub fn new(problem: &Problem) -> Self {
        Self {
            multipliers: vec![vec![Fx::ZERO; problem.network.len()]; problem.horizon()],
        }
    }

    /// `μ ← ν(v)` at every bus but the root.
    pub(super) fn update(&mut self, params: &VoltageParams, problem: &Problem, at: &Linearization) {
        for (row, flow) in self.multipliers.iter_mut().zip(&at.flows) {
            for bus in 1..problem.network.len() {
                row[bus] = params.force(problem, row[bus], flow.v[bus]).value;
            }
        }
    }

    /// Whether any multiplier of interval `t` is non-zero.
    pub(super) fn is_active(&self, t: usize) -> bool {
        self.multipliers[t].iter().any(|mu| !mu.is_zero())
    }

    /// `Σ μ·(v − limit)`.
    pub(super) fn slackness(&self, problem: &Problem, at: &Linearization) -> Fx {
        let mut sum = Acc::ZERO;
        for (row, flow) in self.multipliers.iter().zip(&at.flows) {
            for (&mu, &v) in row.iter().zip(&flow.v) {
                let limit = if mu.is_negative() {
                    problem.v_max
                } else {
                    problem.v_min
                };
                sum.add_product(mu, v - limit);
            }
        }
        sum.to_fx()
    }

    /// Voltage component of the price per interval and bus.
    pub(super) fn prices(&self, problem: &Problem, at: &Linearization) -> Vec<Vec<Fx>> {
        (0..problem.horizon())
            .map(|t| {
                if self.is_active(t) {
                    let seed = Some(self.multipliers[t].as_slice());
                    adjoint(&problem.network, &at.flows[t], Fx::ZERO, seed)
                } else {
                    vec![Fx::ZERO; problem.network.len()]
                }
            })
            .collect()
    }
}

impl VoltageParams {
    /// `ν = clip(μ + σ(v_min + margin − v), 0, cap)`, else `min(0, μ + σ(v_max − v))`.
    pub(super) fn force(&self, problem: &Problem, mu: Fx, v: Fx) -> Force {
        let low = mu + self.sigma * (problem.v_min + self.margin - v);
        if low.is_positive() {
            return Force {
                value: low.min(self.cap),
                active: low < self.cap,
            };
        }
        let high = mu + self.sigma * (problem.v_max - v);
        Force {
            value: high.min(Fx::ZERO).max(-self.cap),
            active: high.is_negative() && high > -self.cap,
        }
    }
}
