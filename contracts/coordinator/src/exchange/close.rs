//! Closing a round: the contract's own optimization step.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::distance_squared;
use gridweave_rules::exchange::{
    Answer, Evaluation, Participant, Problem, box_support, combine, evaluate, lower_bound_base,
    merge_into_baseline, relative_gap,
};
use gridweave_types::coordinator::{ExchangeConfig, Master, RoundRecord, SessionConfig};
use gridweave_units::{Acc, Fx};

use super::admm;
use super::convert::{
    Masters, load_multipliers, load_problem, load_rule, masters, rhos, save_multipliers, tolerance,
};
use super::finish::{keep_better, plan_rows, set_candidate};
use super::store::{
    Bounds, CANDIDATE, ENERGY, Loaded, STATE, load_assigned, load_participants, remove_answer,
    save_answer, save_assigned, save_weights, slot_of, slots_in,
};
use crate::error::ContractError;
use crate::round::Closed;
use crate::state::{
    ATTENDANCE, BASELINE, LOWER, PARTICIPANTS, ParticipantKey, SessionId, Status, Tally, UPPER,
    load_attendance,
};

/// What the step of a round produced.
pub struct Step {
    /// `‖r‖²`: answers against the plan.
    pub primal: Acc,
    /// `‖s‖²`: the plan against the one before.
    pub dual: Acc,
    /// The round's executable plan.
    pub plan: Vec<Participant>,
    /// What executing it costs.
    pub executed: Evaluation,
    /// Base of the next round's bound.
    pub base: Fx,
}

/// Closes a round.
pub fn close(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    config: &SessionConfig,
    mode: &ExchangeConfig,
) -> Result<Closed, ContractError> {
    let (problem, network) = load_problem(storage, session, status, config, mode)?;
    let best = bound(storage, session, status, tally, mode)?;
    let (silent, replaced) = note_silent(storage, session, status, config, mode)?;
    let slots = slots_in(mode, status.round);
    let mut loaded = load_participants(storage, session, status, &network, slots)?;
    let step = match masters(&mode.master) {
        Some(masters) => combination_step(
            storage,
            session,
            status,
            mode,
            &problem,
            &mut loaded,
            &masters,
        )?,
        None => admm::step(storage, session, status, mode, &problem, &mut loaded)?,
    };
    // Earlier candidates count on answers that nobody stands for any more.
    if !replaced.is_empty() || tally.retracted {
        set_candidate(storage, session, status.round, &step.executed, &step.plan)?;
    }
    let tolerance = tolerance(&mode.master);
    keep_better(
        storage,
        session,
        status.round,
        tolerance,
        &step.executed,
        &step.plan,
    )?;
    free_next_slots(storage, session, status.round, mode, &mut loaded);
    save_weights(storage, session, &loaded, slots);
    let bounds = Bounds {
        base: Some(step.base),
        best,
    };
    STATE.save(storage, session, &bounds)?;
    let candidate = CANDIDATE.load(storage, session)?;
    let feasible = candidate.violation <= tolerance;
    let gap = best
        .filter(|_| feasible)
        .and_then(|bound| relative_gap(candidate.cost, bound));
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
            gap,
        },
        complete: tally.accepted == status.active(),
        silent,
        replaced,
    })
}

/// The combination master, the prices of its plan, and the executed plan.
fn combination_step(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    mode: &ExchangeConfig,
    problem: &Problem,
    loaded: &mut Loaded,
    masters: &Masters,
) -> Result<Step, ContractError> {
    let rule = load_rule(storage, session, mode, problem)?;
    let mut multipliers = load_multipliers(storage, session, problem)?;
    let before = plan_rows(&loaded.participants);
    let participants = &mut loaded.participants;
    combine(
        problem,
        participants,
        &rule,
        &masters.query,
        &mut multipliers,
    );
    let voltage = masters.query.voltage.as_ref();
    let evaluation = evaluate(
        problem,
        participants,
        &rule,
        voltage.map(|params| (params, &mut multipliers)),
    );
    let after = plan_rows(participants);
    save_prices(storage, session, participants, &after, &evaluation);
    let mut executed = evaluation.clone();
    let mut plan = participants.clone();
    if let Some(params) = &masters.plan {
        save_multipliers(storage, session, &multipliers);
        combine(problem, &mut plan, &rule, params, &mut multipliers);
        executed = evaluate(problem, &plan, &rule, None);
    }
    let pairs: Vec<_> = participants
        .iter()
        .map(|p| p.bus)
        .zip(after.clone())
        .collect();
    Ok(Step {
        primal: answers_distance(storage, session, status.round, mode, &after)?,
        dual: total_distance(&before, &after),
        plan,
        executed,
        base: lower_bound_base(problem, &evaluation, &pairs),
    })
}

/// Stores what the next round's centres are made of.
fn save_prices(
    storage: &mut dyn Storage,
    session: SessionId,
    participants: &[Participant],
    plans: &[Vec<Fx>],
    evaluation: &Evaluation,
) {
    for (number, (participant, plan)) in (0..).zip(participants.iter().zip(plans)) {
        let prices = evaluation.prices(participant.bus);
        save_assigned(storage, (session, number), plan, &prices);
    }
    ENERGY.save(storage, session, &evaluation.energy);
}

/// `‖x − y‖²` over the answers to the first query of this round.
fn answers_distance(
    storage: &dyn Storage,
    session: SessionId,
    round: u32,
    mode: &ExchangeConfig,
    plans: &[Vec<Fx>],
) -> StdResult<Acc> {
    let slot = slot_of(mode, round, 0);
    let mut sum = Acc::ZERO;
    for (number, plan) in (0..).zip(plans) {
        if let Some(answer) = super::store::may_load_answer(storage, (session, number, slot))? {
            sum.add(distance_squared(&answer.injection, plan));
        }
    }
    Ok(sum)
}

/// `Σ‖a_i − b_i‖²`.
pub fn total_distance(a: &[Vec<Fx>], b: &[Vec<Fx>]) -> Acc {
    let mut sum = Acc::ZERO;
    for (x, y) in a.iter().zip(b) {
        sum.add(distance_squared(x, y));
    }
    sum
}

/// The best lower bound after this round's claims: silent or rejected participants are bounded by
/// their declared box, replaced ones by their baseline.
fn bound(
    storage: &dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    mode: &ExchangeConfig,
) -> Result<Option<Fx>, ContractError> {
    let bounds = STATE.load(storage, session)?;
    let Some(base) = bounds.base else {
        return Ok(bounds.best);
    };
    let mut support = tally.claims.get();
    if tally.accepted == status.participants {
        let new = base - support.to_fx();
        return Ok(Some(bounds.best.map_or(new, |best| best.max(new))));
    }
    for number in 0..status.participants {
        let key = (session, number);
        let attendance = load_attendance(storage, key)?;
        if attendance.accepted_round == status.round && !attendance.replaced {
            continue;
        }
        if mode.private_costs && !attendance.replaced {
            return Ok(bounds.best);
        }
        support.add(Acc::from_fx(silent_support(
            storage,
            key,
            attendance.replaced,
        )?));
    }
    let new = base - support.to_fx();
    Ok(Some(bounds.best.map_or(new, |best| best.max(new))))
}

fn silent_support(storage: &dyn Storage, key: ParticipantKey, replaced: bool) -> StdResult<Fx> {
    let prices = load_assigned(storage, key)?.prices;
    if replaced {
        let baseline = BASELINE.load(storage, key)?;
        let cost = PARTICIPANTS.load(storage, key)?.baseline_cost;
        return Ok(Acc::dot(&prices, &baseline).to_fx() - cost);
    }
    let (lower, upper) = (LOWER.load(storage, key)?, UPPER.load(storage, key)?);
    Ok(box_support(&prices, &lower, &upper))
}

/// Finds who was silent, and replaces by their baseline those who were for `max_misses` rounds.
fn note_silent(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
    mode: &ExchangeConfig,
) -> Result<(Vec<u32>, Vec<u32>), ContractError> {
    let (mut silent, mut replaced) = (Vec::new(), Vec::new());
    for number in 0..status.participants {
        let key = (session, number);
        let mut attendance = load_attendance(storage, key)?;
        let rounds = status.round.saturating_sub(attendance.last_round);
        if attendance.replaced || rounds == 0 {
            continue;
        }
        silent.push(number);
        if rounds < config.max_misses {
            continue;
        }
        attendance.replaced = true;
        attendance.missed = attendance.missed.saturating_add(rounds);
        attendance.last_round = status.round;
        ATTENDANCE.save(storage, key, &attendance)?;
        reset_to_baseline(storage, key, mode)?;
        replaced.push(number);
    }
    Ok((silent, replaced))
}

/// Leaves the baseline as the only answer.
pub fn reset_to_baseline(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
) -> Result<(), ContractError> {
    for slot in 1..slots_in(mode, u32::MAX) {
        remove_answer(storage, (key.0, key.1, slot));
    }
    let answer = Answer {
        injection: BASELINE.load(storage, key)?,
        cost: PARTICIPANTS.load(storage, key)?.baseline_cost,
    };
    save_answer(storage, (key.0, key.1, 0), &answer);
    Ok(())
}

/// Makes room for the next round's answers where the ring is full: what they will overwrite is
/// merged into slot 0, which keeps the plan.
fn free_next_slots(
    storage: &mut dyn Storage,
    session: SessionId,
    round: u32,
    mode: &ExchangeConfig,
    loaded: &mut Loaded,
) {
    if let Master::Admm { .. } = mode.master {
        return;
    }
    for query in 0..mode.rho.start.len() as u32 {
        let slot = slot_of(mode, round + 1, query);
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
