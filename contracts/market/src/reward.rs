//! Rewards: a pool that anyone may fund, shares of solvers, payments that are pulled.

use cosmwasm_std::{Addr, DepsMut, MessageInfo, Response, Storage, Uint128};
use gridweave_rules::market::reward as rule;
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::funds::{exact, pay};
use gridweave_types::market::ConfigResponse;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::{ContractError, overflow};
use crate::state::{CANDIDATE, CONFIG, OWED, Share, Status};

/// Pays coins into the pool.
///
/// # Errors
/// [`ContractError::WrongFunds`].
pub fn fund(deps: DepsMut, info: &MessageInfo) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let amount = exact(info, &config.denom)?;
    let mut status = Status::load(deps.storage)?;
    let pool = status.pool.checked_add(amount);
    status.pool = pool.ok_or(overflow("reward pool"))?;
    status.save(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "rewards_funded")
        .add_attribute("sender", &info.sender)
        .add_attribute("amount", amount.to_string())
        .add_attribute("pool", status.pool.to_string()))
}

/// Takes coins out of the pool.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::Insufficient`].
pub fn defund(
    deps: DepsMut,
    info: &MessageInfo,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "above 0"));
    }
    let mut status = Status::load(deps.storage)?;
    let rest = status.pool.checked_sub(amount.u128());
    status.pool = rest.ok_or(ContractError::Insufficient {
        what: "reward pool",
        asked: amount,
        held: status.pool.into(),
    })?;
    status.save(deps.storage);
    let response = Response::new()
        .add_attribute(ACTION, "rewards_defunded")
        .add_attribute("recipient", &info.sender)
        .add_attribute("amount", amount)
        .add_attribute("pool", status.pool.to_string());
    Ok(pay(response, &info.sender, amount.u128(), &config.denom))
}

/// Pays a solver what it is owed.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Nothing`].
pub fn claim(
    deps: DepsMut,
    info: &MessageInfo,
    solver: Option<String>,
) -> Result<Response, ContractError> {
    let solver = match solver {
        Some(solver) => parse(deps.api, "solver", &solver)?,
        None => info.sender.clone(),
    };
    let owed = OWED.may_load(deps.storage, &solver)?.unwrap_or_default();
    if owed.is_zero() {
        let what = "reward to claim";
        return Err(ContractError::Nothing { solver, what });
    }
    OWED.remove(deps.storage, &solver);
    let config = CONFIG.load(deps.storage)?;
    let mut status = Status::load(deps.storage)?;
    let rest = status.owed.checked_sub(owed.u128());
    status.owed = rest.ok_or(overflow("rewards owed"))?;
    status.save(deps.storage);
    let response = Response::new()
        .add_attribute(ACTION, "reward_claimed")
        .add_attribute("solver", &solver)
        .add_attribute("amount", owed);
    Ok(pay(response, &solver, owed.u128(), &config.denom))
}

/// Credits the reward for a finalized interval that was worth `objective`, see [`rule::reward`] and
/// [`rule::split`], as far as the pool goes. Returns what was credited.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn credit(
    storage: &mut dyn Storage,
    config: &ConfigResponse,
    status: &mut Status,
    objective: i128,
) -> Result<Vec<(Addr, u128)>, ContractError> {
    let most = config.reward.interval_cap.u128().min(status.pool);
    let reward = rule::reward(objective, config.reward.rate.u64(), most);
    if reward == 0 {
        return Ok(Vec::new());
    }
    let shares = CANDIDATE.load(storage)?.shares;
    let credited = rule::split(reward, shares.into_iter().map(rule::Share::from));
    for (solver, part) in &credited {
        let owed = OWED.may_load(storage, solver)?.unwrap_or_default();
        let owed = owed.checked_add((*part).into());
        OWED.save(storage, solver, &owed.map_err(|_| overflow("reward"))?)?;
        status.pool = status.pool.saturating_sub(*part);
        let owed = status.owed.checked_add(*part);
        status.owed = owed.ok_or(overflow("rewards owed"))?;
    }
    Ok(credited)
}

/// The shares of a new candidate, see [`rule::share`].
pub fn share(
    earlier: Vec<Share>,
    (before, after): (i128, i128),
    newest: &Addr,
    quality_ppm: u32,
) -> Vec<Share> {
    let earlier = earlier.into_iter().map(rule::Share::from);
    let shares = rule::share(earlier, before, after, newest.clone(), quality_ppm);
    shares.into_iter().map(Share::from).collect()
}

impl From<Share> for rule::Share<Addr> {
    fn from(share: Share) -> Self {
        Self {
            solver: share.solver,
            weight: share.weight.u128(),
            quality_ppm: share.quality_ppm,
        }
    }
}

impl From<rule::Share<Addr>> for Share {
    fn from(share: rule::Share<Addr>) -> Self {
        Self {
            solver: share.solver,
            weight: share.weight.into(),
            quality_ppm: share.quality_ppm,
        }
    }
}
