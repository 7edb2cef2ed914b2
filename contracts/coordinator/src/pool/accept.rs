//! Taking an iterate: the claim, the confirmation of the plan before, and the answer.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::checks::first_out_of_bounds;
use gridweave_rules::pool::{gain, relaxed};
use gridweave_types::coordinator::PoolConfig;
use gridweave_units::{Acc, Fx};

use super::formula::Formula;
use super::holding;
use super::store::{RUNNING, Running, W, load_formula, load_pool, load_running, load_w};
use crate::error::ContractError;
use crate::state::mobility;
use crate::submit::{Submission, Verdict};

/// What a participant says about its part of a plan.
struct Confirmed {
    cost: Fx,
    /// What it gains by the plan (µ).
    gain: i64,
    /// `p·y − f(y)`: a best response is worth at least that.
    worth: Fx,
}

/// Counts the claim and the confirmation, and moves the sums by the answer.
pub fn accept(
    storage: &mut dyn Storage,
    mode: &PoolConfig,
    submission: &Submission,
) -> Result<Verdict, ContractError> {
    let (session, round) = (submission.session, submission.round);
    let key = (session, submission.participant);
    let formula = load_formula(storage, session)?;
    let mut running = load_running(storage, session, formula.horizon())?;
    let (standing, _) = holding::standing(storage, key, round - 1, formula.horizon())?;
    let confirmed = confirmed(submission, &formula, &standing);
    count(&mut running, submission, confirmed.as_ref());
    if let Some(confirmed) = &confirmed {
        holding::confirm(storage, key, round - 1, confirmed.gain)?;
    }
    // The closing round has none.
    if let [answer] = submission.answers.as_slice() {
        step(storage, mode, submission, &formula, &mut running, &standing)?;
        let kept = [load_pool(storage, session)?.best.round, round - 1];
        holding::write(storage, key, round, Some(answer), kept)?;
    }
    RUNNING.save(storage, session, &running);
    Ok(Verdict::Accepted {
        claim: Fx::ZERO,
        confirmed: (round > 1).then_some(confirmed.is_some()),
    })
}

/// What the participant confirms; nothing when it cannot deliver the plan, when the plan leaves the
/// bounds that it has declared, or when amounts leave their range.
fn confirmed(submission: &Submission, formula: &Formula, answer: &[Fx]) -> Option<Confirmed> {
    let &cost = submission.claims.get(1)?;
    let plan = formula.plan(mobility(submission.info), answer);
    let [lower, upper] = &submission.bounds;
    if first_out_of_bounds(&plan, lower, upper).is_some() {
        return None;
    }
    let price = &formula.settlement;
    Some(Confirmed {
        cost,
        gain: gain(submission.info.baseline_cost, cost, price, &plan)?,
        worth: Acc::dot(price, &plan).to_fx() - cost,
    })
}

/// Adds what the participant says to the round's totals.
fn count(running: &mut Running, submission: &Submission, confirmed: Option<&Confirmed>) {
    // Not to trade is among its choices, and so is a plan that it confirms.
    let least = -submission.info.baseline_cost;
    let least = confirmed.map_or(least, |confirmed| least.max(confirmed.worth));
    let claim = submission
        .claims
        .first()
        .map_or(least, |&claim| claim.max(least));
    running.claims.add(Acc::from_fx(claim));
    let Some(confirmed) = confirmed else {
        return;
    };
    running.confirmed += 1;
    running.cost.add(Acc::from_fx(confirmed.cost));
    let amount = u128::from(confirmed.gain.unsigned_abs());
    if confirmed.gain > 0 {
        running.gained = running.gained.saturating_add(amount);
    } else {
        running.lost = running.lost.saturating_add(amount);
    }
}

/// Puts the answer in the place of the one that stands, in both sums.
fn step(
    storage: &mut dyn Storage,
    mode: &PoolConfig,
    submission: &Submission,
    formula: &Formula,
    running: &mut Running,
    standing: &[Fx],
) -> StdResult<()> {
    let key = (submission.session, submission.participant);
    let answer = &submission.answers[0];
    // Before the first round there is nothing to relax against.
    let relaxation = match submission.round {
        1 => Fx::ONE,
        _ => mode.relaxation,
    };
    let old = load_w(storage, key, formula.horizon())?;
    let copy = formula.copy(mobility(submission.info), &old);
    let new = relaxed(answer, &copy, relaxation);
    exchange(&mut running.answers, standing, answer);
    exchange(&mut running.relaxed, &old, &new);
    W.save(storage, key, &new);
    Ok(())
}

/// Takes `old` out of a sum and puts `new` in.
fn exchange(sum: &mut [Fx], old: &[Fx], new: &[Fx]) {
    for ((sum, &old), &new) in sum.iter_mut().zip(old).zip(new) {
        *sum += new - old;
    }
}
