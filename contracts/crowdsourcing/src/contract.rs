//! Entry points; they dispatch and nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use gridweave_types::crowdsourcing::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use gridweave_types::{funds, version};

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::{
    agreement, enrolment, instantiate as setup, preferences, programme, query as read, reconcile,
    supplement, sweep, task, withdraw,
};

/// Fixes the terms.
///
/// # Errors
/// Attached funds, malformed addresses, parameters out of range; when `billing` does not answer.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::refuse(&info)?;
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    setup::instantiate(deps, &msg)
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
        ExecuteMsg::CreateProgramme { .. } | ExecuteMsg::AddBudget { .. }
    ) {
        funds::refuse(&info)?;
    }
    match msg {
        ExecuteMsg::Enrol { kind, devices } => enrolment::enrol(deps, &info, kind, devices),
        ExecuteMsg::ApproveEnrolment { account } => enrolment::approve(deps, &info, &account),
        ExecuteMsg::RefuseEnrolment { account } => enrolment::refuse(deps, &info, &account),
        ExecuteMsg::RevokeEnrolment { account } => enrolment::revoke(deps, &info, account),
        ExecuteMsg::CreateProgramme { terms, budgets } => {
            programme::create(deps, &env, &info, terms, &budgets)
        }
        ExecuteMsg::AddBudget { programme, budgets } => {
            programme::add_budget(deps, &env, &info, programme, &budgets)
        }
        ExecuteMsg::SubmitPreferences {
            programme,
            preferences,
        } => self::preferences::submit(deps, &env, &info, programme, preferences),
        ExecuteMsg::ProposeAgreement {
            programme,
            proposal,
        } => agreement::propose(deps, &env, &info, programme, proposal),
        ExecuteMsg::AcceptAgreement { agreement } => {
            self::agreement::accept(deps, &env, &info, agreement.u64())
        }
        ExecuteMsg::DeclineAgreement { agreement } => {
            self::agreement::decline(deps, &env, &info, agreement.u64())
        }
        ExecuteMsg::UseAgreement {
            agreement,
            programme,
            setpoints,
        } => self::agreement::apply(deps, &env, &info, agreement.u64(), programme, &setpoints),
        ExecuteMsg::OfferTasks { programme, tasks } => {
            task::offer(deps, &env, &info, programme, &tasks)
        }
        ExecuteMsg::RaiseTasks { raises } => task::raise(deps, &env, &info, &raises),
        ExecuteMsg::AcceptTask { task, round } => {
            self::task::accept(deps, &env, &info, task.u64(), round)
        }
        ExecuteMsg::DeclineTask { task, round } => {
            self::task::decline(deps, &env, &info, task.u64(), round)
        }
        ExecuteMsg::Supplement {
            programme,
            supplements,
        } => supplement::supplement(deps, &env, &info, programme, &supplements),
        ExecuteMsg::Sweep {
            interval,
            start_after,
            limit,
        } => sweep::sweep(deps, &env, interval, start_after, limit),
        ExecuteMsg::Reconcile { ledger, limit } => reconcile::reconcile(deps, &env, ledger, limit),
        ExecuteMsg::Withdraw { amount, recipient } => {
            withdraw::withdraw(deps, &info, amount, recipient)
        }
    }
}

/// Answers a query; pages are clamped.
///
/// # Errors
/// Unknown accounts, programmes, agreements, tasks and statements; malformed addresses.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    read::query(deps, &env, msg)
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
