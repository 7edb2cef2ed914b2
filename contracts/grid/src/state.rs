//! What the contract stores, and under which names.

use cosmwasm_std::{Addr, Empty, StdResult, Storage};
use cw_storage_plus::{Item, Map};
use gridweave_types::grid::{Account, Branch, Feeder};

use crate::ContractError;

/// Storage namespaces; a name once used is never given another meaning.
mod namespace {
    pub(super) const OPERATOR: &str = "operator";
    pub(super) const PROPOSED: &str = "proposed";
    pub(super) const FEEDERS: &str = "feeders";
    pub(super) const BRANCH_COUNTS: &str = "branch_counts";
    pub(super) const BRANCHES: &str = "branches";
    pub(super) const BUSES: &str = "buses";
    pub(super) const ACCOUNTS: &str = "accounts";
    pub(super) const FEEDER_ACCOUNTS: &str = "feeder_accounts";
    pub(super) const METER_KEYS: &str = "meter_keys";
}

/// The operator in office.
pub const OPERATOR: Item<Addr> = Item::new(namespace::OPERATOR);
/// The proposed operator.
pub const PROPOSED: Item<Addr> = Item::new(namespace::PROPOSED);
/// Feeders by number.
pub const FEEDERS: Map<u32, Feeder> = Map::new(namespace::FEEDERS);
/// Branches of each feeder, counted.
pub const BRANCH_COUNTS: Map<u32, u32> = Map::new(namespace::BRANCH_COUNTS);
/// Branches by feeder and order of arrival, so that parents come before children.
pub const BRANCHES: Map<(u32, u32), Branch> = Map::new(namespace::BRANCHES);
/// Known buses by feeder and number, the root included.
pub const BUSES: Map<(u32, u32), Empty> = Map::new(namespace::BUSES);
/// Accounts by address.
pub const ACCOUNTS: Map<&Addr, Account> = Map::new(namespace::ACCOUNTS);
/// Index of [`ACCOUNTS`] by feeder.
pub const FEEDER_ACCOUNTS: Map<(u32, &Addr), Empty> = Map::new(namespace::FEEDER_ACCOUNTS);
/// Holder of each meter key.
pub const METER_KEYS: Map<&[u8], Addr> = Map::new(namespace::METER_KEYS);

/// The feeder with this number.
///
/// # Errors
/// [`ContractError::FeederNotFound`].
pub fn feeder(storage: &dyn Storage, feeder: u32) -> Result<Feeder, ContractError> {
    FEEDERS
        .may_load(storage, feeder)?
        .ok_or(ContractError::FeederNotFound { feeder })
}

/// The account of this address.
///
/// # Errors
/// [`ContractError::AccountNotFound`].
pub fn account(storage: &dyn Storage, address: &Addr) -> Result<Account, ContractError> {
    ACCOUNTS
        .may_load(storage, address)?
        .ok_or_else(|| ContractError::AccountNotFound {
            address: address.clone(),
        })
}

/// Stores an account and its index entry.
pub(crate) fn save_account(storage: &mut dyn Storage, account: &Account) -> StdResult<()> {
    ACCOUNTS.save(storage, &account.address, account)?;
    FEEDER_ACCOUNTS.save(storage, (account.feeder, &account.address), &Empty {})
}

/// Removes an account and its index entry.
pub(crate) fn remove_account(storage: &mut dyn Storage, account: &Account) {
    ACCOUNTS.remove(storage, &account.address);
    FEEDER_ACCOUNTS.remove(storage, (account.feeder, &account.address));
}
