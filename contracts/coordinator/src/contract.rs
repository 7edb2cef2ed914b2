//! Entry points; dispatch only.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult};
use gridweave_types::address::parse;
use gridweave_types::coordinator::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use gridweave_types::event::ACTION;
use gridweave_types::{funds, version};

use crate::error::ContractError;
use crate::migrate::{CONTRACT_NAME, CONTRACT_VERSION, OLDEST_VERSION};
use crate::state::{GRID, NEXT_SESSION};
use crate::{abort, advance, bond, clear, exchange, query, setup, submit};

/// Stores the address of `grid`.
///
/// # Errors
/// A malformed address.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    version::stamp(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let grid = parse(deps.api, "grid", &msg.grid)?;
    GRID.save(deps.storage, &grid)?;
    NEXT_SESSION.save(deps.storage, &1)?;
    Ok(Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("grid", grid))
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
    if !matches!(msg, ExecuteMsg::PostBond { .. }) {
        funds::refuse(&info)?;
    }
    match msg {
        ExecuteMsg::CreateSession { config } => setup::create(deps, info, config),
        ExecuteMsg::AddParticipants {
            session,
            participants,
        } => setup::add_participants(deps, info, session, participants),
        ExecuteMsg::AddGroups { session, groups } => setup::add_groups(deps, info, session, groups),
        ExecuteMsg::ExtendGroup {
            session,
            group,
            members,
        } => setup::extend_group(deps, info, session, group, members),
        ExecuteMsg::Open { session } => setup::open(deps, env, info, session),
        ExecuteMsg::PostBond { session } => bond::post(deps, info, session),
        ExecuteMsg::SubmitIterate {
            session,
            round,
            payload,
            claims,
        } => submit::submit(deps, env, info, session, round, payload, claims),
        ExecuteMsg::SubmitCombination {
            session,
            round,
            weights,
        } => exchange::submit_combination(deps, info, session, round, weights),
        ExecuteMsg::Advance { session, replace } => advance::advance(deps, env, session, replace),
        ExecuteMsg::Abort { session } => abort::abort(deps, info, session),
        ExecuteMsg::Close { session, limit } => clear::clear(deps, session, limit),
        ExecuteMsg::ReclaimBond { session } => bond::reclaim(deps, info, session),
    }
}

/// Answers a query.
///
/// # Errors
/// Unknown ids and malformed addresses.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    query::query(deps, msg)
}

/// Moves the stored version forward.
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
