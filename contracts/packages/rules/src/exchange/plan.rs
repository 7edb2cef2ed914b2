//! Evaluation of a plan: cost, voltages and prices of executing it.

use gridweave_units::Fx;

use super::participant::Participant;
use super::problem::Problem;
use super::voltage::{VoltageParams, VoltageState};
use super::{ExportRule, linearization::Linearization};

/// What executing a plan costs and what it is worth at each bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Cost of root generation plus private costs.
    pub cost: Fx,
    /// Largest violation of a squared-voltage limit.
    pub violation: Fx,
    /// Root generation per interval.
    pub generation: Vec<Fx>,
    /// Energy price `λ_t` per interval.
    pub energy: Vec<Fx>,
    /// Loss component `(a_i − 1)·λ_t`: `T` rows of one number per bus.
    pub loss: Vec<Vec<Fx>>,
    /// Voltage component of the price: `T` rows of one number per bus.
    pub voltage: Vec<Vec<Fx>>,
    /// `Σ ν·(v − limit)` over the priced voltage cells.
    pub slackness: Fx,
}

impl Evaluation {
    /// Price of injection at bus index `bus` per interval: the DLMP, `aλ` plus voltage.
    pub fn prices(&self, bus: usize) -> Vec<Fx> {
        (0..self.energy.len())
            .map(|t| self.energy[t] + self.loss[t][bus] + self.voltage[t][bus])
            .collect()
    }
}

/// Whether a plan's `(cost, violation)` beats another's: a plan within `tolerance` beats one that is
/// not; two within compare by cost, two outside by violation.
pub fn better_candidate(new: (Fx, Fx), old: (Fx, Fx), tolerance: Fx) -> bool {
    match (new.1 <= tolerance, old.1 <= tolerance) {
        (true, true) => new.0 < old.0,
        (true, false) => true,
        (false, true) => false,
        (false, false) => new.1 < old.1,
    }
}

/// Evaluates the participants' current plan.
///
/// With voltage parameters, multipliers are first updated at the plan's voltages and priced in.
pub fn evaluate(
    problem: &Problem,
    participants: &[Participant],
    rule: &ExportRule,
    voltage: Option<(&VoltageParams, &mut VoltageState)>,
) -> Evaluation {
    let at = Linearization::new(problem, participants);
    let n = problem.network.len();
    let horizon = problem.horizon();
    let mut result = Evaluation {
        cost: problem.cost.total(&at.generation())
            + participants.iter().map(Participant::private_cost).sum(),
        violation: at.violation(problem),
        generation: at.generation(),
        energy: Vec::with_capacity(horizon),
        loss: Vec::with_capacity(horizon),
        voltage: vec![vec![Fx::ZERO; n]; horizon],
        slackness: Fx::ZERO,
    };
    for t in 0..horizon {
        let price = problem.cost.marginal(rule, t, at.flows[t].generation).price;
        let losses = at.loss_gradient(problem, t);
        result.energy.push(price);
        result
            .loss
            .push(losses.iter().map(|&loss| -(loss * price)).collect());
    }
    if let Some((params, state)) = voltage {
        state.update(params, problem, &at);
        result.slackness = state.slackness(problem, &at);
        result.voltage = state.prices(problem, &at);
    }
    result
}
