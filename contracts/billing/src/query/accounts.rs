//! Queries about accounts.

use cosmwasm_std::{Deps, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::address::parse;
use gridweave_types::billing::{AccountResponse, AccountsResponse};
use gridweave_types::page::clamp_limit;

use crate::account::{find, page_start};
use crate::error::ContractError;
use crate::state::{ACCOUNTS, ADDRESSES, AccountId, CONFIG, Config};

/// One account.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn one(deps: Deps, account: &str) -> Result<AccountResponse, ContractError> {
    let address = parse(deps.api, "account", account)?;
    let id = find(deps.storage, &address)?;
    show(deps, &CONFIG.load(deps.storage)?, id)
}

/// One page of accounts.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn page(
    deps: Deps,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<AccountsResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let start = page_start(deps.api, deps.storage, start_after)?;
    let numbers: Vec<AccountId> = ADDRESSES
        .keys(
            deps.storage,
            start.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(clamp_limit(limit))
        .collect::<StdResult<_>>()?;
    let accounts = numbers.into_iter().map(|id| show(deps, &config, id));
    Ok(AccountsResponse {
        accounts: accounts.collect::<Result<_, _>>()?,
    })
}

fn show(deps: Deps, config: &Config, id: AccountId) -> Result<AccountResponse, ContractError> {
    let held = ACCOUNTS.may_load(deps.storage, id)?.unwrap_or_default();
    let required = config.collateral().u128();
    Ok(AccountResponse {
        account: ADDRESSES.load(deps.storage, id)?,
        balance: held.balance.into(),
        collateral: held.collateral.into(),
        receivable: held.receivable.into(),
        arrears: held.arrears.into(),
        suspended: held.suspended(required, config.limits().silent),
        silent: held.silent,
        nonce: held.nonce.into(),
        next_reading: held.metered.then_some(held.next_reading),
        open_statements: held.open_statements,
    })
}
