//! Rewards: a pool that anyone may fund, shares of solvers, payments that are pulled.

use cosmwasm_std::{Addr, DepsMut, MessageInfo, Response, Storage, Uint128};
use gridweave_rules::market::certificate::PPM;
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::funds::{exact, pay};
use gridweave_types::market::{ConfigResponse, MAX_SHARES};
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

/// Credits the reward for a finalized interval that was worth `objective`:
/// `objective · rate / 10⁶`, at most the cap, split by the shares' weights; of its part each solver
/// gets `quality`, rounded down and as far as the pool goes. Returns what was credited.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn credit(
    storage: &mut dyn Storage,
    config: &ConfigResponse,
    status: &mut Status,
    objective: i128,
) -> Result<Vec<(Addr, u128)>, ContractError> {
    let worth = u128::try_from(objective).unwrap_or(0);
    let rate = u128::from(config.reward.rate.u64());
    let most = config.reward.interval_cap.u128().min(status.pool);
    let reward = worth.saturating_mul(rate) / u128::from(PPM);
    let reward = reward.min(most);
    if reward == 0 {
        return Ok(Vec::new());
    }
    let shares = CANDIDATE.load(storage)?.shares;
    let total: u128 = shares.iter().map(|share| share.weight.u128()).sum();
    let mut credited = Vec::new();
    for share in shares {
        let part = scale(reward, share.weight.u128(), total);
        let part = scale(part, share.quality_ppm.into(), PPM.into());
        if part == 0 {
            continue;
        }
        let owed = OWED.may_load(storage, &share.solver)?.unwrap_or_default();
        let owed = owed.checked_add(part.into());
        OWED.save(
            storage,
            &share.solver,
            &owed.map_err(|_| overflow("reward"))?,
        )?;
        status.pool = status.pool.saturating_sub(part);
        let owed = status.owed.checked_add(part);
        status.owed = owed.ok_or(overflow("rewards owed"))?;
        credited.push((share.solver, part));
    }
    Ok(credited)
}

/// The shares of a new candidate: the earlier solvers keep what they had brought, scaled to what the
/// old candidate still is worth, and the new one gets what it adds. The smallest goes when there are
/// too many.
pub fn share(earlier: Vec<Share>, before: i128, after: i128, newest: Share) -> Vec<Share> {
    let worth = u128::try_from(before).unwrap_or(0);
    let total: u128 = earlier.iter().map(|share| share.weight.u128()).sum();
    let mut shares: Vec<Share> = earlier
        .into_iter()
        .map(|share| Share {
            weight: scale(share.weight.u128(), worth, total).into(),
            ..share
        })
        .filter(|share| !share.weight.is_zero())
        .collect();
    if shares.len() >= MAX_SHARES {
        let smallest = shares.iter().enumerate().min_by_key(|entry| entry.1.weight);
        if let Some(at) = smallest.map(|(at, _)| at) {
            shares.remove(at);
        }
    }
    let gained = after.saturating_sub(before.max(0));
    shares.push(Share {
        weight: u128::try_from(gained).unwrap_or(0).into(),
        ..newest
    });
    shares
}

/// `amount · numerator / denominator`, rounded down, for `numerator ≤ denominator`; 0 when the
/// denominator is 0. Beyond 128 bits the numbers lose the bits that do not fit, so that the result
/// is never larger.
fn scale(amount: u128, numerator: u128, denominator: u128) -> u128 {
    if denominator == 0 {
        return 0;
    }
    let exact = amount.checked_mul(numerator);
    let scaled = exact.map(|product| product / denominator);
    scaled.unwrap_or_else(|| {
        let numerator = numerator >> 64;
        let denominator = (denominator >> 64) + 1;
        let whole = amount / denominator;
        whole.saturating_mul(numerator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, weight: u128) -> Share {
        Share {
            solver: Addr::unchecked(name),
            weight: weight.into(),
            quality_ppm: PPM,
        }
    }

    fn weights(shares: &[Share]) -> Vec<u128> {
        shares.iter().map(|share| share.weight.u128()).collect()
    }

    #[test]
    fn an_improvement_earns_what_it_adds() {
        let first = share(Vec::new(), 0, 100, of("a", 0));
        assert_eq!(weights(&first), [100]);
        // Half of the candidate was finalized before the next one came.
        let second = share(first, 50, 60, of("b", 0));
        assert_eq!(weights(&second), [50, 10]);
        let snipe = share(second, 60, 61, of("c", 0));
        assert_eq!(weights(&snipe), [50, 10, 1]);
    }

    #[test]
    fn shares_are_few() {
        let mut shares = Vec::new();
        for round in 0..40_i128 {
            shares = share(shares, round * 10, (round + 1) * 10, of("a", 0));
            assert!(shares.len() <= MAX_SHARES);
        }
        assert_eq!(shares.last().map(|share| share.weight.u128()), Some(10));
    }

    #[test]
    fn scaling_never_gains() {
        assert_eq!(scale(10, 1, 3), 3);
        assert_eq!(scale(10, 0, 0), 0);
        assert!(scale(u128::MAX, u128::MAX / 2, u128::MAX) <= u128::MAX / 2);
        assert!(scale(u128::MAX - 1, 1 << 64, 1 << 65) <= u128::MAX >> 1);
    }
}
