//! The contract's own optimization step with the combination master.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::distance_squared;
use gridweave_rules::exchange::{Evaluation, Participant, combine, evaluate, lower_bound_base};
use gridweave_units::{Acc, Fx};

use super::context::Context;
use super::convert::{Masters, save_multipliers};
use super::finish::plan_rows;
use super::store::{ENERGY, Loaded, may_load_answer, slot_of};
use crate::error::ContractError;

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
    /// What the next centres are made of: plan (or copy) and prices per participant.
    pub centres: Vec<(Vec<Fx>, Vec<Fx>)>,
}

/// The combination master, the prices of its plan, and the executed plan.
pub fn combination(
    storage: &mut dyn Storage,
    context: &Context,
    loaded: &mut Loaded,
    masters: &Masters,
) -> Result<Step, ContractError> {
    let problem = &context.problem;
    let rule = context.rule(storage)?;
    let mut multipliers = context.multipliers(storage)?;
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
    ENERGY.save(storage, context.session, &evaluation.energy);
    let after = plan_rows(participants);
    let mut executed = evaluation.clone();
    let mut plan = participants.clone();
    if let Some(params) = &masters.plan {
        save_multipliers(storage, context.session, &multipliers);
        combine(problem, &mut plan, &rule, params, &mut multipliers);
        executed = evaluate(problem, &plan, &rule, None);
    }
    let buses = participants.iter().map(|participant| participant.bus);
    let pairs: Vec<_> = buses.clone().zip(after.clone()).collect();
    let prices = buses.map(|bus| evaluation.prices(bus));
    Ok(Step {
        primal: answers_distance(storage, context, &after)?,
        dual: total_distance(&before, &after),
        base: lower_bound_base(problem, &evaluation, &pairs),
        centres: after.into_iter().zip(prices).collect(),
        plan,
        executed,
    })
}

/// `‖x − y‖²` over the answers to the first query of this round.
fn answers_distance(storage: &dyn Storage, context: &Context, plans: &[Vec<Fx>]) -> StdResult<Acc> {
    let slot = slot_of(context.mode, context.status.round, 0);
    let mut sum = Acc::ZERO;
    for (number, plan) in (0..).zip(plans) {
        if let Some(answer) = may_load_answer(storage, (context.session, number, slot))? {
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
