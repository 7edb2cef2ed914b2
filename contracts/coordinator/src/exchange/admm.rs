//! Plain exchange ADMM: the plan is what the participants last answered.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{Problem, evaluate, relaxed_update, z_step};
use gridweave_types::coordinator::{ExchangeConfig, Master};
use gridweave_units::Fx;

use super::close::{Step, total_distance};
use super::convert::{load_rule, rhos};
use super::store::{ADMM_W, ENERGY, Loaded, load_assigned, save_assigned};
use crate::error::ContractError;
use crate::state::{SessionId, Status};

/// `w ← w + α(x − z)`, then the next `z` and prices, linearized at the answers.
pub fn step(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    mode: &ExchangeConfig,
    problem: &Problem,
    loaded: &mut Loaded,
) -> Result<Step, ContractError> {
    let Master::Admm { relaxation } = mode.master else {
        return Err(ContractError::WrongMode {
            session,
            expected: "exchange ADMM",
        });
    };
    for participant in &mut loaded.participants {
        let latest = participant.answers.len() - 1;
        participant.weights.fill(Fx::ZERO);
        participant.weights[latest] = Fx::ONE;
    }
    let stored = ADMM_W.load(storage, session)?;
    let mut targets: Vec<Vec<Fx>> = stored
        .chunks(problem.horizon())
        .map(<[Fx]>::to_vec)
        .collect();
    let mut copies = Vec::with_capacity(targets.len());
    let mut plans = Vec::with_capacity(targets.len());
    for (number, participant) in loaded.participants.iter().enumerate() {
        let copy = load_assigned(storage, (session, number as u32))?.plan;
        let answer = participant.plan();
        relaxed_update(&mut targets[number], &answer, &copy, relaxation);
        copies.push(copy);
        plans.push((participant.bus, answer));
    }
    let rho = rhos(mode, status.round)[0];
    let next = z_step(problem, &plans, &targets, rho);
    for (number, (copy, prices)) in (0..).zip(next.copies.iter().zip(&next.prices)) {
        save_assigned(storage, (session, number), copy, prices);
    }
    ADMM_W.save(storage, session, &targets.concat());
    ENERGY.save(storage, session, &next.energy);
    let rule = load_rule(storage, session, mode, problem)?;
    let executed = evaluate(problem, &loaded.participants, &rule, None);
    let answers: Vec<Vec<Fx>> = plans.into_iter().map(|(_, answer)| answer).collect();
    Ok(Step {
        primal: total_distance(&answers, &copies),
        dual: total_distance(&copies, &next.copies),
        plan: loaded.participants.clone(),
        executed,
        base: next.dual_value,
    })
}
