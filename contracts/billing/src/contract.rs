//! Entry points; they dispatch and nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use gridweave_types::billing::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use gridweave_types::{funds, version};

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::{
    commit, dispute, instantiate as setup, money, period, query as read, readings, resolve, settle,
    source, tariff,
};

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
    if !matches!(msg, ExecuteMsg::TopUp { .. } | ExecuteMsg::FundGrid {}) {
        funds::refuse(&info)?;
    }
    match msg {
        ExecuteMsg::TopUp { account } => money::top_up(deps, env, info, account),
        ExecuteMsg::FundGrid {} => money::fund(deps, env, info),
        ExecuteMsg::SetTariff { from, tariff } => tariff::set(deps, env, info, from, tariff),
        ExecuteMsg::RegisterSource { contract, kind } => {
            source::register(deps, info, &contract, kind)
        }
        ExecuteMsg::RemoveSource { contract } => source::remove(deps, info, &contract),
        ExecuteMsg::Withdraw { amount, recipient } => {
            money::withdraw(deps, env, info, amount, recipient)
        }
        ExecuteMsg::Release { recipient } => money::release(deps, env, info, recipient),
        ExecuteMsg::Collect { account } => money::collect(deps, env, &account),
        ExecuteMsg::DefundGrid { amount } => money::defund(deps, env, info, amount),
        ExecuteMsg::RecordCommitments { commitments, paid } => {
            commit::record(deps, env, info, commitments, paid)
        }
        ExecuteMsg::RecordSession {
            coordinator,
            session,
            limit,
        } => commit::record_session(deps, env, &coordinator, session, limit),
        ExecuteMsg::SubmitReadings(signed) => readings::submit(deps, env, signed),
        ExecuteMsg::CorrectReadings(signed) => readings::correct(deps, env, signed),
        ExecuteMsg::Settle {
            interval,
            start_after,
            limit,
        } => settle::settle(deps, env, interval, start_after, limit),
        ExecuteMsg::Dispute { account, interval } => {
            dispute::dispute(deps, env, info, account, interval)
        }
        ExecuteMsg::Resolve {
            account,
            interval,
            reading,
        } => resolve::resolve(deps, env, info, &account, interval, reading),
        ExecuteMsg::OpenPeriod { period } => period::open(deps, env, period),
        ExecuteMsg::Reconcile {
            period,
            start_after,
            limit,
        } => period::reconcile(deps, env, period, start_after, limit),
    }
}

/// Answers a query; pages are clamped.
///
/// # Errors
/// Unknown accounts, lines and statements; malformed addresses.
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
