//! Taking an answer.

use cosmwasm_std::Storage;
use gridweave_rules::checks::{Witness, monotone};
use gridweave_rules::exchange::{Answer, centre};
use gridweave_types::coordinator::{ExchangeConfig, SessionConfig};
use gridweave_units::{Acc, Fx};

use super::convert::rhos;
use super::silence::reset_to_baseline;
use super::store::{
    load_assigned, may_load_answer, may_load_witness, save_answer, save_normal, slot_of, slots_in,
};
use crate::error::ContractError;
use crate::state::Tally;
use crate::submit::{Submission, Verdict};

/// Checks the answers for monotonicity against the kept ones and stores them in their slots.
pub fn accept(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    mode: &ExchangeConfig,
    submission: &Submission,
    tally: &mut Tally,
) -> Result<Verdict, ContractError> {
    let key = (submission.session, submission.participant);
    let assigned = load_assigned(storage, key)?;
    let answers = priced(mode, submission);
    let mut claim = submission.claims[0];
    let mut witnesses = Vec::with_capacity(answers.len());
    for (answer, rho) in answers.iter().zip(rhos(mode, submission.round)) {
        let centre = centre(&assigned.plan, &assigned.prices, rho);
        witnesses.push(Witness::new(&centre, &answer.injection, rho));
        // A best response is worth at least what the participant itself offers.
        let value = Acc::dot(&assigned.prices, &answer.injection).to_fx() - answer.cost;
        claim = claim.max(value);
    }
    if let Some(tolerance) = config.monotonicity_tolerance
        && !consistent(storage, mode, submission, &witnesses, tolerance)?
    {
        // One of its answers is a lie, and nobody can tell which: none of them counts.
        reset_to_baseline(storage, key, mode)?;
        tally.retracted = true;
        return Ok(Verdict::Rejected("not monotone".into()));
    }
    for (query, (answer, witness)) in (0..).zip(answers.iter().zip(&witnesses)) {
        let slot = slot_of(mode, submission.round, query);
        let slot_key = (key.0, key.1, slot);
        save_answer(storage, slot_key, answer);
        if config.monotonicity_tolerance.is_some() {
            save_normal(storage, slot_key, &witness.normal);
        }
    }
    Ok(Verdict::Accepted {
        claim,
        confirmed: None,
    })
}

/// Answers with their claimed private costs.
fn priced(mode: &ExchangeConfig, submission: &Submission) -> Vec<Answer> {
    let cost = |query: usize| {
        if mode.private_costs {
            submission.claims[1 + query]
        } else {
            Fx::ZERO
        }
    };
    submission
        .answers
        .iter()
        .enumerate()
        .map(|(query, injection)| Answer {
            injection: injection.clone(),
            cost: cost(query),
        })
        .collect()
}

/// Whether the new answers can stem from the same convex problem as each other and as every kept
/// answer. Without private costs the baseline is one more: its normal is zero.
fn consistent(
    storage: &dyn Storage,
    mode: &ExchangeConfig,
    submission: &Submission,
    new: &[Witness],
    tolerance: Fx,
) -> Result<bool, ContractError> {
    let (session, participant) = (submission.session, submission.participant);
    let mut kept = new.to_vec();
    for slot in 1..slots_in(mode, submission.round) {
        kept.extend(may_load_witness(storage, (session, participant, slot))?);
    }
    if !mode.private_costs
        && let Some(baseline) = may_load_answer(storage, (session, participant, 0))?
    {
        let normal = vec![Fx::ZERO; baseline.injection.len()];
        kept.push(Witness {
            answer: baseline.injection,
            normal,
        });
    }
    Ok(new
        .iter()
        .all(|witness| kept.iter().all(|other| monotone(other, witness, tolerance))))
}
