//! The candidate, and what stays when a session ends.

use cosmwasm_std::Storage;
use gridweave_rules::exchange::{Evaluation, Participant, better_candidate, evaluate};
use gridweave_types::coordinator::ExchangeConfig;
use gridweave_units::Fx;

use super::convert::{load_multipliers, load_problem, load_rule, masters};
use super::store::{
    CANDIDATE, CANDIDATE_PLAN, Candidate, ENERGY, FINAL_LOSS, FINAL_VOLTAGE, load_participants,
    slots_in,
};
use crate::error::ContractError;
use crate::state::{SessionId, Status, load_session};

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
    mode: &ExchangeConfig,
) -> Result<(), ContractError> {
    let config = load_session(storage, session)?.config;
    let (problem, network) = load_problem(storage, session, status, &config, mode)?;
    let slots = slots_in(mode, status.round);
    let loaded = load_participants(storage, session, status, &network, slots)?;
    let rule = load_rule(storage, session, mode, &problem)?;
    let mut multipliers = load_multipliers(storage, session, &problem)?;
    let voltage = masters(&mode.master).and_then(|masters| masters.query.voltage);
    let evaluation = evaluate(
        &problem,
        &loaded.participants,
        &rule,
        voltage.as_ref().map(|params| (params, &mut multipliers)),
    );
    ENERGY.save(storage, session, &evaluation.energy);
    FINAL_LOSS.save(storage, session, &evaluation.loss.concat());
    FINAL_VOLTAGE.save(storage, session, &evaluation.voltage.concat());
    Ok(())
}
