//! Entry points; they dispatch and nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use gridweave_types::market::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use gridweave_types::{funds, version};

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::{
    feeder, finalize as cranks, instantiate as setup, offer, query as read, reward, solution,
    solver,
};

/// Fixes the terms.
///
/// # Errors
/// Attached funds, malformed addresses, parameters out of range.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::refuse(&info)?;
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    setup::instantiate(deps, &env, msg)
}

/// Performs an action.
///
/// # Errors
/// [`ContractError`]; nothing is changed then.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(
        msg,
        ExecuteMsg::RegisterSolver {} | ExecuteMsg::FundRewards {}
    ) {
        funds::refuse(&info)?;
    }
    match msg {
        ExecuteMsg::SetFeederLimits { feeder, limits } => {
            feeder::set_limits(deps, &info, feeder, limits)
        }
        ExecuteMsg::PostOffer {
            permit,
            energy,
            price,
        } => offer::post(deps, &env, info, permit, energy, price),
        ExecuteMsg::CancelOffer { offer } => offer::cancel(deps, &info, offer),
        ExecuteMsg::RegisterSolver {} => solver::register(deps, &info),
        ExecuteMsg::UnregisterSolver {} => solver::unregister(deps, &info),
        ExecuteMsg::Commit { hash } => solver::commit(deps, &env, &info, hash),
        ExecuteMsg::ForfeitCommit { solver } => solver::forfeit(deps, &env, &solver),
        ExecuteMsg::SubmitSolution {
            round,
            trades,
            certificate,
            salt,
        } => solution::submit(deps, &env, info, round, &trades, certificate, salt),
        ExecuteMsg::BeginSolution { round } => solution::begin(deps, &env, info, round),
        ExecuteMsg::AppendTrades { sequence, trades } => {
            solution::append(deps, &env, info, sequence, &trades)
        }
        ExecuteMsg::SealSolution { certificate, salt } => {
            solution::seal(deps, &env, info, certificate, salt)
        }
        ExecuteMsg::AbandonSolution {} => solution::abandon(deps, &info),
        ExecuteMsg::FinalizeInterval { interval, limit } => {
            cranks::finalize(deps, &env, interval, limit)
        }
        ExecuteMsg::ClaimReward { solver } => reward::claim(deps, &info, solver),
        ExecuteMsg::FundRewards {} => reward::fund(deps, &info),
        ExecuteMsg::DefundRewards { amount } => reward::defund(deps, &info, amount),
    }
}

/// Answers a query; pages are clamped.
///
/// # Errors
/// Unknown offers, feeders and solvers; malformed addresses.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    read::query(deps, msg)
}

/// Moves stored state to this code's version, never backward.
///
/// # Errors
/// [`ContractError::Version`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    Ok(version::forward(
        deps.storage,
        CONTRACT_NAME,
        CONTRACT_VERSION,
        OLDEST_VERSION,
    )?)
}
