//! Power flow and loss factors at a plan.

use gridweave_units::Fx;

use super::participant::Participant;
use super::problem::Problem;
use crate::distflow::{Flow, adjoint, solve};

/// The flow of every interval at one plan.
pub(super) struct Linearization {
    /// One flow per interval.
    pub flows: Vec<Flow>,
}

impl Linearization {
    /// Sweeps the feeder at the participants' plan.
    pub fn new(problem: &Problem, participants: &[Participant]) -> Self {
        let plans: Vec<(usize, Vec<Fx>)> = participants
            .iter()
            .map(|participant| (participant.bus, participant.plan()))
            .collect();
        Self::at(problem, &plans)
    }

    /// Sweeps the feeder at the given net injections `(bus, T numbers)`.
    pub fn at(problem: &Problem, plans: &[(usize, Vec<Fx>)]) -> Self {
        let flows = (0..problem.horizon())
            .map(|t| {
                let mut injections = vec![Fx::ZERO; problem.network.len()];
                for (bus, plan) in plans {
                    injections[*bus] += plan[t];
                }
                solve(
                    &problem.network,
                    &injections,
                    &problem.reactive[t],
                    problem.v_max,
                )
            })
            .collect();
        Self { flows }
    }

    /// Root generation per interval.
    pub fn generation(&self) -> Vec<Fx> {
        self.flows.iter().map(|flow| flow.generation).collect()
    }

    /// Largest violation of a squared-voltage limit.
    pub fn violation(&self, problem: &Problem) -> Fx {
        self.flows
            .iter()
            .map(|flow| flow.violation(problem.v_min, problem.v_max))
            .max()
            .unwrap_or_default()
    }

    /// `∂loss/∂p_i` per bus in interval `t`.
    pub fn loss_gradient(&self, problem: &Problem, t: usize) -> Vec<Fx> {
        adjoint(&problem.network, &self.flows[t], Fx::ONE, None)
    }
}
