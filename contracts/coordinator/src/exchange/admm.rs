//! Plain exchange ADMM: the plan is what the participants last answered.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{evaluate, relaxed_update, z_step};
use gridweave_types::coordinator::Master;
use gridweave_units::Fx;

use super::context::Context;
use super::convert::rhos;
use super::step::{Step, total_distance};
use super::store::{ADMM_W, ENERGY, Loaded, load_assigned};
use crate::error::ContractError;

/// `w ← w + α(x − z)`, then the next `z` and prices, linearized at the answers.
pub fn step(
    storage: &mut dyn Storage,
    context: &Context,
    loaded: &mut Loaded,
) -> Result<Step, ContractError> {
    let (session, problem) = (context.session, &context.problem);
    let Master::Admm { relaxation } = context.mode.master else {
        return Err(ContractError::WrongMode {
            session,
            expected: "exchange ADMM",
        });
    };
    take_latest(loaded);
    let stored = ADMM_W.load(storage, session)?;
    let rows = stored.chunks(problem.horizon());
    let mut targets: Vec<Vec<Fx>> = rows.map(<[Fx]>::to_vec).collect();
    let mut copies = Vec::with_capacity(targets.len());
    let mut plans = Vec::with_capacity(targets.len());
    for (number, participant) in loaded.participants.iter().enumerate() {
        let copy = load_assigned(storage, (session, number as u32))?.plan;
        let answer = participant.plan();
        relaxed_update(&mut targets[number], &answer, &copy, relaxation);
        copies.push(copy);
        plans.push((participant.bus, answer));
    }
    let rho = rhos(context.mode, context.status.round)[0];
    let next = z_step(problem, &plans, &targets, rho);
    ADMM_W.save(storage, session, &targets.concat());
    ENERGY.save(storage, session, &next.energy);
    let rule = context.rule(storage)?;
    let executed = evaluate(problem, &loaded.participants, &rule, None);
    let answers: Vec<Vec<Fx>> = plans.into_iter().map(|(_, answer)| answer).collect();
    Ok(Step {
        primal: total_distance(&answers, &copies),
        dual: total_distance(&copies, &next.copies),
        plan: loaded.participants.clone(),
        executed,
        base: next.dual_value,
        centres: next.copies.into_iter().zip(next.prices).collect(),
    })
}

/// Puts all weight on each participant's latest answer.
fn take_latest(loaded: &mut Loaded) {
    for participant in &mut loaded.participants {
        participant.weights.fill(Fx::ZERO);
        if let Some(latest) = participant.weights.last_mut() {
            *latest = Fx::ONE;
        }
    }
}
