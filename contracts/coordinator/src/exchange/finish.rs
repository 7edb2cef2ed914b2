//! The candidate, and what stays when a session ends.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{Evaluation, Participant, better_candidate, evaluate};
use gridweave_types::coordinator::SessionConfig;
use gridweave_units::Fx;

use super::context::Context;
use super::convert::masters;
use super::store::{
    CANDIDATE, CANDIDATE_PLAN, Candidate, ENERGY, FINAL_LOSS, FINAL_VOLTAGE, slots_in,
};
use crate::error::ContractError;
use crate::state::{SessionId, Status};

/// Plans of all participants.
pub fn plan_rows(participants: &[Participant]) -> Vec<Vec<Fx>> {
    participants.iter().map(Participant::plan).collect()
}

/// Makes a plan the candidate if it is better; whether it was.
pub fn keep_better(
    storage: &mut dyn Storage,
    session: SessionId,
    round: u32,
    tolerance: Fx,
    evaluation: &Evaluation,
    participants: &[Participant],
) -> Result<bool, ContractError> {
    let old = CANDIDATE.load(storage, session)?;
    let new = (evaluation.cost, evaluation.violation);
    if !better_candidate(new, (old.cost, old.violation), tolerance) {
        return Ok(false);
    }
    set_candidate(storage, session, round, evaluation, participants)?;
    Ok(true)
}

/// Makes a plan the candidate.
pub fn set_candidate(
    storage: &mut dyn Storage,
    session: SessionId,
    round: u32,
    evaluation: &Evaluation,
    participants: &[Participant],
) -> Result<(), ContractError> {
    let candidate = Candidate {
        cost: evaluation.cost,
        violation: evaluation.violation,
        round,
    };
    CANDIDATE.save(storage, session, &candidate)?;
    CANDIDATE_PLAN.save(storage, session, &plan_rows(participants).concat());
    Ok(())
}

/// Stores the prices of the last plan per bus, when a session ends.
pub fn freeze(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
) -> Result<(), ContractError> {
    let context = Context::load(storage, session, status, config)?;
    let slots = slots_in(context.mode, status.round);
    let loaded = context.participants(storage, slots)?;
    let rule = context.rule(storage)?;
    let mut multipliers = context.multipliers(storage)?;
    let voltage = masters(&context.mode.master).and_then(|masters| masters.query.voltage);
    let evaluation = evaluate(
        &context.problem,
        &loaded.participants,
        &rule,
        voltage.as_ref().map(|params| (params, &mut multipliers)),
    );
    ENERGY.save(storage, session, &evaluation.energy);
    FINAL_LOSS.save(storage, session, &evaluation.loss.concat());
    FINAL_VOLTAGE.save(storage, session, &evaluation.voltage.concat());
    Ok(())
}
