//! Accounts, their roles and their meter keys.

use cosmwasm_std::{Addr, Binary, DepsMut, Event, Response, Storage};
use gridweave_types::event::ACTION;
use gridweave_types::grid::{Account, AccountInput, METER_KEY_BYTES};

use crate::contract::{check_rows, validate_address};
use crate::error::ContractError;
use crate::state::{self, ACCOUNTS, BUSES, METER_KEYS};

/// Action, and name of the event beside a registration, that gives an account its meter key.
const KEY_SET: &str = "meter_key_set";
/// Value of the attribute `meter_key` when an account has none.
const NO_KEY: &str = "none";

/// Registers accounts.
///
/// # Errors
/// [`ContractError::BatchSize`], and for the first bad row [`ContractError::InvalidAddress`],
/// [`ContractError::AccountExists`], [`ContractError::FeederNotFound`],
/// [`ContractError::BusNotFound`] or an error of its meter key.
pub fn register(deps: DepsMut, accounts: Vec<AccountInput>) -> Result<Response, ContractError> {
    check_rows("accounts", accounts.len())?;
    let added = accounts.len();
    let mut keys = Vec::new();
    for input in accounts {
        let address = validate_address(deps.api, "accounts.address", &input.address)?;
        let account = Account {
            address,
            feeder: input.feeder,
            bus: input.bus,
            role: input.role,
            meter_key: input.meter_key,
        };
        register_one(deps.storage, &account)?;
        keys.extend(account.meter_key.map(|key| key_set(&account.address, &key)));
    }
    Ok(Response::new()
        .add_attribute(ACTION, "accounts_registered")
        .add_attribute("added", added.to_string())
        .add_events(keys))
}

/// Removes an account and frees its meter key.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::AccountNotFound`].
pub fn remove(deps: DepsMut, address: &str) -> Result<Response, ContractError> {
    let address = validate_address(deps.api, "address", address)?;
    let account = state::account(deps.storage, &address)?;
    if let Some(key) = &account.meter_key {
        METER_KEYS.remove(deps.storage, key);
    }
    state::remove_account(deps.storage, &account);
    Ok(Response::new()
        .add_attribute(ACTION, "account_removed")
        .add_attribute("address", address))
}

/// Replaces (or removes) an account's meter key.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::AccountNotFound`],
/// [`ContractError::MeterKeyLength`], [`ContractError::MeterKeyPrefix`],
/// [`ContractError::MeterKeyInUse`].
pub fn set_meter_key(
    deps: DepsMut,
    address: &str,
    meter_key: Option<Binary>,
) -> Result<Response, ContractError> {
    let address = validate_address(deps.api, "address", address)?;
    let mut account = state::account(deps.storage, &address)?;
    if let Some(old) = account.meter_key.take() {
        METER_KEYS.remove(deps.storage, &old);
    }
    if let Some(new) = &meter_key {
        claim_key(deps.storage, &address, new)?;
    }
    let shown = meter_key
        .as_ref()
        .map_or_else(|| NO_KEY.into(), Binary::to_base64);
    account.meter_key = meter_key;
    state::save_account(deps.storage, &account)?;
    Ok(Response::new()
        .add_attribute(ACTION, KEY_SET)
        .add_attribute("address", address)
        .add_attribute("meter_key", shown))
}

/// Announces the key of an account that is registered with one: whoever checks readings needs it.
fn key_set(address: &Addr, key: &Binary) -> Event {
    Event::new(KEY_SET)
        .add_attribute("address", address)
        .add_attribute("meter_key", key.to_base64())
}

fn register_one(storage: &mut dyn Storage, account: &Account) -> Result<(), ContractError> {
    let Account { feeder, bus, .. } = *account;
    if ACCOUNTS.has(storage, &account.address) {
        return Err(ContractError::AccountExists {
            address: account.address.clone(),
        });
    }
    state::feeder(storage, feeder)?;
    if !BUSES.has(storage, (feeder, bus)) {
        return Err(ContractError::BusNotFound { feeder, bus });
    }
    if let Some(key) = &account.meter_key {
        claim_key(storage, &account.address, key)?;
    }
    Ok(state::save_account(storage, account)?)
}

/// Gives `key` to `holder` alone: two accounts with one meter could both be paid for its readings.
fn claim_key(storage: &mut dyn Storage, holder: &Addr, key: &[u8]) -> Result<(), ContractError> {
    check_key(key)?;
    if let Some(holder) = METER_KEYS.may_load(storage, key)? {
        return Err(ContractError::MeterKeyInUse { holder });
    }
    Ok(METER_KEYS.save(storage, key, holder)?)
}

fn check_key(key: &[u8]) -> Result<(), ContractError> {
    if key.len() != METER_KEY_BYTES {
        return Err(ContractError::MeterKeyLength {
            bytes: key.len(),
            expected: METER_KEY_BYTES,
        });
    }
    match key[0] {
        0x02 | 0x03 => Ok(()),
        prefix => Err(ContractError::MeterKeyPrefix { prefix }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_compressed_keys_pass() {
        for prefix in 0..=u8::MAX {
            let mut key = [7; METER_KEY_BYTES];
            key[0] = prefix;
            assert_eq!(check_key(&key).is_ok(), prefix == 2 || prefix == 3);
        }
        assert!(check_key(&[]).is_err());
        assert!(check_key(&[2; METER_KEY_BYTES - 1]).is_err());
        assert!(check_key(&[2; 65]).is_err());
    }
}
