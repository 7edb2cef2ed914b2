//! Closing a round.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::exchange::{merge_into_baseline, relative_gap};
use gridweave_types::coordinator::{ExchangeConfig, Master, RoundRecord, SessionConfig};
use gridweave_units::Fx;

use super::context::Context;
use super::convert::{masters, rhos, tolerance};
use super::finish::{keep_better, set_candidate};
use super::silence::note_silent;
use super::step::Step;
use super::store::{
    Assigned, Bounds, CANDIDATE, Loaded, STATE, load_assigned, remove_answer, save_answer,
    save_assigned, save_weights, slot_of, slots_in,
};
use super::support::{carried, lower_bound, supports};
use super::{admm, step};
use crate::error::ContractError;
use crate::round::Closed;
use crate::state::{SessionId, Status, Tally};

/// Closes a round: bounds, step, candidate, next centres.
pub fn close(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    config: &SessionConfig,
) -> Result<Closed, ContractError> {
    let context = Context::load(storage, session, status, config)?;
    let mode = context.mode;
    let supports = supports(storage, session, status)?;
    let best = lower_bound(storage, session, &supports)?;
    let (silent, replaced) = note_silent(storage, session, status, config, mode)?;
    let slots = slots_in(mode, status.round);
    let mut loaded = context.participants(storage, slots)?;
    let step = match masters(&mode.master) {
        Some(masters) => step::combination(storage, &context, &mut loaded, &masters)?,
        None => admm::step(storage, &context, &mut loaded)?,
    };
    // Earlier candidates count on answers that nobody stands for any more.
    let void = !replaced.is_empty() || tally.retracted;
    nominate(storage, &context, &step, void)?;
    assign(storage, &context, &step, &supports)?;
    free_next_slots(storage, &context, &mut loaded);
    save_weights(storage, session, &loaded, slots);
    let bounds = Bounds {
        base: Some(step.base),
        best,
    };
    STATE.save(storage, session, &bounds)?;
    Ok(Closed {
        record: RoundRecord {
            round: status.round,
            received: tally.received,
            missed: status.active().saturating_sub(tally.received),
            primal: step.primal.sqrt(),
            dual: step.dual.sqrt(),
            rho: rhos(mode, status.round)[0],
            cost: Some(step.executed.cost),
            violation: Some(step.executed.violation),
            bound: best,
            gap: certified_gap(storage, session, mode, best)?,
        },
        complete: tally.accepted == status.active(),
        silent,
        replaced,
        confirmed: None,
    })
}

/// Makes the round's plan the candidate if it is better, or if the old one is void.
fn nominate(
    storage: &mut dyn Storage,
    context: &Context,
    step: &Step,
    void: bool,
) -> Result<(), ContractError> {
    let (session, round) = (context.session, context.status.round);
    if void {
        return set_candidate(storage, session, round, &step.executed, &step.plan);
    }
    let tolerance = tolerance(&context.mode.master);
    keep_better(
        storage,
        session,
        round,
        tolerance,
        &step.executed,
        &step.plan,
    )?;
    Ok(())
}

/// The gap that the bound certifies for the candidate, if it is within the voltage limits.
pub fn certified_gap(
    storage: &dyn Storage,
    session: SessionId,
    mode: &ExchangeConfig,
    bound: Option<Fx>,
) -> StdResult<Option<Fx>> {
    let candidate = CANDIDATE.load(storage, session)?;
    let feasible = candidate.violation <= tolerance(&mode.master);
    Ok(bound
        .filter(|_| feasible)
        .and_then(|bound| relative_gap(candidate.cost, bound)))
}

/// Stores what the next round's centres are made of, with bounds for those who stay silent.
fn assign(
    storage: &mut dyn Storage,
    context: &Context,
    step: &Step,
    supports: &[Fx],
) -> StdResult<()> {
    for (number, ((plan, prices), &known)) in (0..).zip(step.centres.iter().zip(supports)) {
        let key = (context.session, number);
        let old = load_assigned(storage, key)?.prices;
        let support = carried(storage, key, context.mode, known, &old, prices)?;
        let assigned = Assigned {
            plan: plan.clone(),
            prices: prices.clone(),
            support,
        };
        save_assigned(storage, key, &assigned);
    }
    Ok(())
}

/// Makes room for the next round's answers where the ring is full: what they will overwrite is
/// merged into slot 0, which keeps the plan.
fn free_next_slots(storage: &mut dyn Storage, context: &Context, loaded: &mut Loaded) {
    let (session, mode) = (context.session, context.mode);
    if let Master::Admm { .. } = mode.master {
        return;
    }
    for query in 0..mode.rho.start.len() as u32 {
        let slot = slot_of(mode, context.status.round + 1, query);
        for (number, participant) in loaded.participants.iter_mut().enumerate() {
            let Some(at) = loaded.slots[number].iter().position(|&kept| kept == slot) else {
                continue;
            };
            let key = (session, number as u32);
            if participant.weights[at].is_positive() {
                merge_into_baseline(participant, at);
                save_answer(storage, (key.0, key.1, 0), &participant.answers[0]);
            }
            remove_answer(storage, (key.0, key.1, slot));
        }
    }
}
