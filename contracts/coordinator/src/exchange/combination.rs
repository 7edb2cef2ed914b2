//! `SubmitCombination`: better weights from untrusted solvers.

use cosmwasm_std::{Binary, DepsMut, MessageInfo, Response};
use gridweave_rules::exchange::{Participant, evaluate};
use gridweave_types::coordinator::Master;
use gridweave_types::event::ACTION;
use gridweave_units::{Fx, unpack};

use super::context::Context;
use super::convert::tolerance;
use super::finish::keep_better;
use super::store::{CANDIDATE, Loaded, slots_in};
use crate::error::ContractError;
use crate::state::{SessionId, load_collecting, load_session};

/// Takes weights for the answers kept so far if the plan they make beats the candidate: the
/// contract recomputes its cost and voltages.
///
/// # Errors
/// Other modes, phases or rounds, rows that are no convex combination, plans that are not better.
pub fn submit_combination(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
    round: u32,
    weights: Binary,
) -> Result<Response, ContractError> {
    let status = load_collecting(deps.storage, session)?;
    if round != status.round {
        return Err(ContractError::WrongRound {
            session,
            round,
            current: status.round,
        });
    }
    let config = load_session(deps.storage, session)?.config;
    let context = Context::load(deps.storage, session, &status, &config)?;
    let Master::Combination { .. } = context.mode.master else {
        return Err(ContractError::WrongMode {
            session,
            expected: "exchange mode with the combination master",
        });
    };
    let slots = slots_in(context.mode, round);
    let mut loaded = context.participants(deps.storage, slots)?;
    let count = slots as usize * status.participants as usize;
    let values = unpack(&weights, count).map_err(ContractError::packed("weights"))?;
    assign(&mut loaded, &values, slots as usize)?;
    let rule = context.rule(deps.storage)?;
    let evaluation = evaluate(&context.problem, &loaded.participants, &rule, None);
    let tolerance = tolerance(&context.mode.master);
    let plan: &[Participant] = &loaded.participants;
    if !keep_better(deps.storage, session, round, tolerance, &evaluation, plan)? {
        let candidate = CANDIDATE.load(deps.storage, session)?;
        return Err(ContractError::NotBetter {
            cost: evaluation.cost,
            violation: evaluation.violation,
            best: candidate.cost,
            best_violation: candidate.violation,
        });
    }
    Ok(Response::new()
        .add_attribute(ACTION, "combination_accepted")
        .add_attribute("session", session.to_string())
        .add_attribute("round", round.to_string())
        .add_attribute("solver", info.sender)
        .add_attribute("cost", evaluation.cost.to_string()))
}

/// Gives each participant its row; empty slots must have weight 0.
fn assign(loaded: &mut Loaded, values: &[Fx], slots: usize) -> Result<(), ContractError> {
    for (number, row) in values.chunks(slots).enumerate() {
        let participant = &mut loaded.participants[number];
        let kept = &loaded.slots[number];
        participant.weights = kept.iter().map(|&slot| row[slot as usize]).collect();
        let elsewhere = (0..)
            .zip(row)
            .any(|(slot, weight)| !weight.is_zero() && !kept.contains(&slot));
        if elsewhere || !participant.weights_are_valid() {
            return Err(ContractError::InvalidWeights {
                participant: number as u32,
                sum: participant.weights.iter().copied().sum(),
                least: row.iter().copied().min().unwrap_or_default(),
            });
        }
    }
    Ok(())
}
