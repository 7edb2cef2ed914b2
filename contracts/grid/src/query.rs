//! Read access; every list is paged with a clamped limit.

use cosmwasm_std::{Deps, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::grid::{
    Account, AccountsResponse, BranchesResponse, Feeder, FeedersResponse, OperatorResponse,
};
use gridweave_types::page::clamp_limit;

use crate::contract::validate_address;
use crate::error::ContractError;
use crate::state::{self, ACCOUNTS, BRANCHES, FEEDER_ACCOUNTS, FEEDERS, OPERATOR, PROPOSED};

/// The operator and, if any, the proposed one.
///
/// # Errors
/// Only those of storage.
pub fn operator(deps: Deps) -> Result<OperatorResponse, ContractError> {
    Ok(OperatorResponse {
        operator: OPERATOR.load(deps.storage)?,
        proposed: PROPOSED.may_load(deps.storage)?,
    })
}

/// One feeder.
///
/// # Errors
/// [`ContractError::FeederNotFound`].
pub fn feeder(deps: Deps, feeder: u32) -> Result<Feeder, ContractError> {
    state::feeder(deps.storage, feeder)
}

/// Feeders by number.
///
/// # Errors
/// Only those of storage.
pub fn feeders(
    deps: Deps,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<FeedersResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let feeders = FEEDERS
        .range(deps.storage, start, None, Order::Ascending)
        .take(clamp_limit(limit))
        .map(|row| row.map(|(_, feeder)| feeder))
        .collect::<StdResult<_>>()?;
    Ok(FeedersResponse { feeders })
}

/// A feeder's branches, parents first, after the first `seen`.
///
/// # Errors
/// [`ContractError::FeederNotFound`].
pub fn branches(
    deps: Deps,
    feeder: u32,
    seen: Option<u32>,
    limit: Option<u32>,
) -> Result<BranchesResponse, ContractError> {
    state::feeder(deps.storage, feeder)?;
    let start = seen.map(Bound::inclusive);
    let branches = BRANCHES
        .prefix(feeder)
        .range(deps.storage, start, None, Order::Ascending)
        .take(clamp_limit(limit))
        .map(|row| row.map(|(_, branch)| branch))
        .collect::<StdResult<_>>()?;
    Ok(BranchesResponse { branches })
}

/// One account.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::AccountNotFound`].
pub fn account(deps: Deps, address: &str) -> Result<Account, ContractError> {
    let address = validate_address(deps.api, "address", address)?;
    state::account(deps.storage, &address)
}

/// Accounts by address.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn accounts(
    deps: Deps,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<AccountsResponse, ContractError> {
    let last = start_after
        .map(|address| validate_address(deps.api, "start_after", address))
        .transpose()?;
    let accounts = ACCOUNTS
        .range(
            deps.storage,
            last.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(clamp_limit(limit))
        .map(|row| row.map(|(_, account)| account))
        .collect::<StdResult<_>>()?;
    Ok(AccountsResponse { accounts })
}

/// Accounts of one feeder by address.
///
/// # Errors
/// [`ContractError::FeederNotFound`], [`ContractError::InvalidAddress`].
pub fn feeder_accounts(
    deps: Deps,
    feeder: u32,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<AccountsResponse, ContractError> {
    state::feeder(deps.storage, feeder)?;
    let last = start_after
        .map(|address| validate_address(deps.api, "start_after", address))
        .transpose()?;
    let accounts = FEEDER_ACCOUNTS
        .prefix(feeder)
        .keys(
            deps.storage,
            last.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(clamp_limit(limit))
        .map(|address| state::account(deps.storage, &address?))
        .collect::<Result<_, ContractError>>()?;
    Ok(AccountsResponse { accounts })
}
