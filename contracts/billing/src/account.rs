//! Finding and opening accounts.

use cosmwasm_std::{Addr, Api, QuerierWrapper, Storage};
use gridweave_types::address::parse;

use crate::authority;
use crate::error::ContractError;
use crate::events;
use crate::state::{ADDRESSES, AccountId, NUMBERS};
use crate::work::Work;

/// Number of an account that has been used.
///
/// # Errors
/// [`ContractError::NoAccount`].
pub fn find(storage: &dyn Storage, address: &Addr) -> Result<AccountId, ContractError> {
    NUMBERS
        .may_load(storage, address)?
        .ok_or_else(|| ContractError::NoAccount {
            account: address.clone(),
        })
}

/// Number of an account, which is opened if it is registered in `grid`.
///
/// # Errors
/// [`ContractError::NotRegistered`].
pub fn find_or_open(
    work: &mut Work,
    querier: QuerierWrapper,
    address: &Addr,
) -> Result<AccountId, ContractError> {
    if let Some(id) = NUMBERS.may_load(work.storage, address)? {
        return Ok(id);
    }
    authority::register(querier, &work.config).account(address)?;
    open(work, address)
}

/// Gives an address that is known to be registered its number.
///
/// # Errors
/// Only those of storage.
pub fn open(work: &mut Work, address: &Addr) -> Result<AccountId, ContractError> {
    let id = work.books.accounts;
    work.books.accounts = id
        .checked_add(1)
        .ok_or(crate::error::overflow("accounts"))?;
    NUMBERS.save(work.storage, address, &id)?;
    ADDRESSES.save(work.storage, id, address)?;
    work.announce(events::account_opened(address, id));
    Ok(id)
}

/// Last account of the previous page, as its number.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn page_start(
    api: &dyn Api,
    storage: &dyn Storage,
    start_after: Option<&str>,
) -> Result<Option<AccountId>, ContractError> {
    start_after
        .map(|text| find(storage, &parse(api, "start_after", text)?))
        .transpose()
}
