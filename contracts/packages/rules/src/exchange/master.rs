//! The combination master: the best convex combination of every participant's kept answers.

use gridweave_units::Fx;

use super::ExportRule;
use super::linearization::Linearization;
use super::pairwise::Pass;
use super::participant::Participant;
use super::problem::Problem;
use super::voltage::{VoltageParams, VoltageState};

/// Work limits of [`combine`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterParams {
    /// Gauss–Seidel passes over the participants per linearization.
    pub passes: u32,
    /// Linearizations of the power flow.
    pub linearizations: u32,
    /// Voltage penalty, if limits are enforced.
    pub voltage: Option<VoltageParams>,
    /// Whether multipliers follow the voltages at each linearization after the first (the
    /// executed plan) or stay fixed (the query master).
    pub update_multipliers: bool,
}

/// Improves the participants' weights, minimizing
/// `Σ_t αĝ² + βĝ⁺ + Σ_l λ_t(r_l/v_l)Δf_l² + Σ_i f_i` plus the voltage penalty, where `ĝ` is the
/// linearized generation and `Δf_l` the change of injection below branch `l`. The loss curvature
/// keeps later passes from undoing earlier ones.
///
/// Weights stay a point of each participant's simplex, so every plan on the way is feasible for
/// the participants.
pub fn combine(
    problem: &Problem,
    participants: &mut [Participant],
    rule: &ExportRule,
    params: &MasterParams,
    multipliers: &mut VoltageState,
) {
    for round in 0..params.linearizations {
        let at = Linearization::new(problem, participants);
        if let (Some(voltage), true, 1..) = (&params.voltage, params.update_multipliers, round) {
            multipliers.update(voltage, problem, &at);
        }
        let voltage = params.voltage.as_ref().map(|v| (v, &*multipliers));
        let mut pass = Pass::new(problem, participants, rule, &at, voltage);
        for _ in 0..params.passes {
            let mut moved = false;
            for (index, participant) in participants.iter_mut().enumerate() {
                moved |= pass.improve(index, participant);
            }
            if !moved {
                break;
            }
        }
    }
}

/// Difference of two answers of a participant, `to − from`, with the change in private cost.
pub(super) fn direction(participant: &Participant, from: usize, to: usize) -> (Vec<Fx>, Fx) {
    let (a, b) = (&participant.answers[from], &participant.answers[to]);
    (
        crate::difference(&b.injection, &a.injection),
        b.cost - a.cost,
    )
}
