//! `CreateProgramme`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, to_json_string};
use gridweave_types::crowdsourcing::{
    ConfigResponse, FeederBudget, MAX_LENGTH, MAX_RAISES, MAX_TASK_SECONDS, Terms,
};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{InvalidParameter, within};

use super::budget;
use crate::authority::require_operator;
use crate::clock;
use crate::error::{ContractError, overflow};
use crate::state::{PROGRAMMES, Programme};
use crate::work::Work;

/// Starts a programme with its budgets in escrow.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::WrongFunds`] when the coins are not the sum of the budgets.
pub fn create(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    terms: Terms,
    budgets: &[FeederBudget],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    check(&work.config, &terms, env.block.time.seconds())?;
    let next = work.status.programmes.checked_add(1);
    let number = next.ok_or(overflow("programmes"))?;
    work.status.programmes = number;
    let programme = Programme {
        terms,
        participants: 0,
        closed: false,
    };
    PROGRAMMES.save(work.storage, number, &programme)?;
    let amount = budget::add(
        &mut work,
        deps.querier,
        env,
        info,
        (number, &terms),
        budgets,
    )?;
    let response = Response::new()
        .add_attribute(ACTION, "programme_created")
        .add_attribute("programme", number.to_string())
        .add_attribute("terms", to_json_string(&terms)?)
        .add_attribute("amount", amount.to_string());
    Ok(work.finish(response))
}

fn check(config: &ConfigResponse, terms: &Terms, now: u64) -> Result<(), InvalidParameter> {
    let clock = config.timeline().clock;
    let present = clock.interval_at(now);
    let earliest = present.map_or(0, |present| present.0.saturating_add(1));
    let ahead = present.unwrap_or_default().0;
    let ahead = ahead.saturating_add(config.limits.ahead);
    within("terms.length", terms.length, 1, MAX_LENGTH)?;
    let latest = ahead.saturating_sub(terms.length - 1);
    within("terms.first", terms.first, earliest, latest)?;
    let begin = clock::begin(config, terms.first);
    let until = terms.preferences_until.u64();
    within("terms.preferences_until", until, 0, begin)?;
    let cap = config.incentive_limit.u64();
    within("terms.cap", terms.cap.u64(), 0, cap)?;
    within("terms.raises", terms.raises, 0, MAX_RAISES)?;
    within(
        "terms.task_seconds",
        terms.task_seconds,
        1,
        MAX_TASK_SECONDS,
    )?;
    let price = terms.supplement_price.u64();
    within(
        "terms.supplement_price",
        price,
        0,
        config.limits.price.u64(),
    )
}
