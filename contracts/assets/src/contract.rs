//! Entry points; they dispatch and nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use gridweave_types::assets::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use gridweave_types::{funds, version};

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::{claims, instantiate as setup, market, money, permits, query as read};

/// Fixes the terms.
///
/// # Errors
/// Attached funds, malformed addresses, parameters out of range.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::refuse(&info)?;
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    setup::instantiate(deps, msg)
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
    if !matches!(msg, ExecuteMsg::AddFinancialBalance { .. }) {
        funds::refuse(&info)?;
    }
    match msg {
        ExecuteMsg::RegisterMarket { market } => market::register(deps, info, &market),
        ExecuteMsg::RemoveMarket { market } => market::remove(deps, info, &market),
        ExecuteMsg::SetIssueLimit { feeder, limit } => {
            permits::set_limit(deps, info, feeder, limit)
        }
        ExecuteMsg::IssuePermits { entries } => permits::issue(deps, env, info, &entries),
        ExecuteMsg::AddFinancialBalance { holder } => money::add(deps, env, info, &holder),
        ExecuteMsg::Split { class, parts } => permits::split(deps, env, info, class, &parts),
        ExecuteMsg::Expire { holder, class } => permits::expire(deps, env, &holder, class),
        ExecuteMsg::Retire {
            asset,
            energy,
            reason,
        } => permits::retire(deps, env, info, asset, energy.u64(), &reason),
        ExecuteMsg::DepositEnergy { holder, claims } => {
            claims::deposit(deps, env, info, holder, &claims)
        }
        ExecuteMsg::CreditDeposits { rows } => claims::credit(deps, env, info, &rows),
        ExecuteMsg::DepositFinancial { amount, credit } => {
            money::deposit(deps, env, info, amount, credit)
        }
        ExecuteMsg::PayOut { rows } => money::pay_out(deps, env, info, &rows),
        ExecuteMsg::Withdraw { amount } => money::withdraw(deps, env, info, amount),
        ExecuteMsg::Lock {
            offer,
            holder,
            permit,
            energy,
            money,
        } => {
            let wanted = market::Wanted {
                permit,
                energy: energy.u64(),
                money: money.u128(),
            };
            market::lock(deps, env, info, offer.u64(), &holder, &wanted)
        }
        ExecuteMsg::SettleTrades { interval, trades } => {
            market::settle(deps, env, info, interval, &trades)
        }
        ExecuteMsg::Release { offers } => market::release(deps, env, info, &offers),
    }
}

/// Takes back what could not be paid.
///
/// # Errors
/// Only those of storage.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, msg: Reply) -> Result<Response, ContractError> {
    money::take_back(deps, env, msg)
}

/// Answers a query; pages are clamped.
///
/// # Errors
/// Unknown classes, locks and markets; malformed addresses.
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
