//! `AddBudget`, and the budgets that a programme begins with.

use cosmwasm_std::{DepsMut, Env, MessageInfo, QuerierWrapper, Response, Uint128};
use gridweave_types::crowdsourcing::{FeederBudget, MAX_BUDGETS, Terms};
use gridweave_types::event::ACTION;
use gridweave_types::funds::{self, WrongFunds};
use gridweave_types::parameter::within;

use super::load;
use crate::authority::{register, require_operator};
use crate::clock;
use crate::error::{ContractError, check_interval, check_window, overflow};
use crate::events;
use crate::state::Money;
use crate::work::{Place, Work};

/// Adds to budgets of intervals that have not begun.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::Missing`] programmes,
/// [`ContractError::InvalidParameter`], [`ContractError::OutsideTerm`], [`ContractError::TooLate`],
/// [`ContractError::WrongFunds`] when the coins are not the sum.
pub fn add_budget(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    programme: u32,
    budgets: &[FeederBudget],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    within("budgets", budgets.len(), 1, MAX_BUDGETS)?;
    let terms = load(work.storage, programme)?.terms;
    let whose = (programme, &terms);
    let amount = add(&mut work, deps.querier, env, info, whose, budgets)?;
    let response = Response::new()
        .add_attribute(ACTION, "budget_added")
        .add_attribute("programme", programme.to_string())
        .add_attribute("amount", amount.to_string());
    Ok(work.finish(response))
}

/// Books the budgets of a message against its coins; the sum (µ).
pub(super) fn add(
    work: &mut Work,
    querier: QuerierWrapper,
    env: &Env,
    info: &MessageInfo,
    (programme, terms): (u32, &Terms),
    budgets: &[FeederBudget],
) -> Result<u128, ContractError> {
    let rows: usize = budgets.iter().map(|budget| budget.amounts.len()).sum();
    within("number of budgets", rows, 0, MAX_BUDGETS)?;
    let mut sum = 0u128;
    for budget in budgets {
        register(querier, &work.config).feeder(budget.feeder)?;
        for (at, amount) in (0u32..).zip(&budget.amounts) {
            let interval = budget.from.saturating_add(at);
            let place = Place {
                programme,
                feeder: budget.feeder,
                interval,
            };
            add_one(work, env, terms, place, *amount)?;
            sum = sum.checked_add(amount.u128()).ok_or(overflow("budget"))?;
        }
        let amounts: Vec<u128> = budget.amounts.iter().map(|amount| amount.u128()).collect();
        work.announce(events::budget_added(
            programme,
            budget.feeder,
            budget.from,
            &amounts,
        ));
    }
    check_coins(info, sum, &work.config.denom)?;
    let deposited = work.status.deposited.checked_add(sum);
    work.status.deposited = deposited.ok_or(overflow("deposited"))?;
    let escrow = work.status.escrow.checked_add(sum);
    work.status.escrow = escrow.ok_or(overflow("escrow"))?;
    Ok(sum)
}

fn add_one(
    work: &mut Work,
    env: &Env,
    terms: &Terms,
    place: Place,
    amount: Uint128,
) -> Result<(), ContractError> {
    let interval = place.interval;
    check_interval(interval, terms.first, terms.last())?;
    let until = clock::begin(&work.config, interval);
    check_window("budgets", env.block.time.seconds(), 0, until)?;
    work.money(place, |money| {
        Some(Money {
            budget: money.budget.checked_add(amount.u128())?,
            ..money.clone()
        })
    })
}

fn check_coins(info: &MessageInfo, sum: u128, denom: &str) -> Result<(), ContractError> {
    if sum == 0 {
        return Ok(funds::refuse(info)?);
    }
    match funds::exact(info, denom)? == sum {
        true => Ok(()),
        false => Err(WrongFunds::of(info, format!("{sum}{denom}, the sum of the budgets")).into()),
    }
}
