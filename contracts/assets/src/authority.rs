//! Who may do what, and what `grid` knows.

use cosmwasm_std::{Addr, Api, QuerierWrapper, Storage};
use gridweave_types::assets::ConfigResponse;
use gridweave_types::grid::{Account, Feeder, OperatorResponse, QueryMsg};

use crate::error::ContractError;
use crate::state::{MARKET_NUMBERS, MARKETS, MarketId};

/// Parses an address of a message.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn parse(api: &dyn Api, field: &'static str, value: &str) -> Result<Addr, ContractError> {
    api.addr_validate(value)
        .map_err(|error| ContractError::InvalidAddress {
            field,
            value: value.into(),
            reason: error.to_string(),
        })
}

/// Lets the operator alone pass.
///
/// # Errors
/// [`ContractError::Unauthorized`]; when `grid` does not answer.
pub fn require_operator(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    sender: &Addr,
) -> Result<(), ContractError> {
    let answer: OperatorResponse =
        querier.query_wasm_smart(&config.grid, &QueryMsg::Operator {})?;
    if answer.operator == *sender {
        return Ok(());
    }
    Err(ContractError::Unauthorized {
        sender: sender.clone(),
        expected: "the operator",
    })
}

/// Lets an active market alone pass; its number.
///
/// # Errors
/// [`ContractError::Unauthorized`].
pub fn require_market(storage: &dyn Storage, sender: &Addr) -> Result<MarketId, ContractError> {
    if let Some(id) = MARKET_NUMBERS.may_load(storage, sender)? {
        let market = MARKETS.may_load(storage, id)?;
        if market.is_some_and(|market| market.active) {
            return Ok(id);
        }
    }
    Err(ContractError::Unauthorized {
        sender: sender.clone(),
        expected: "a registered market",
    })
}

/// Checks that a feeder is registered.
///
/// # Errors
/// [`ContractError::UnknownFeeder`].
pub fn require_feeder(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    feeder: u32,
) -> Result<(), ContractError> {
    let answer: Result<Feeder, _> =
        querier.query_wasm_smart(&config.grid, &QueryMsg::Feeder { feeder });
    match answer {
        Ok(_) => Ok(()),
        Err(_) => Err(ContractError::UnknownFeeder { feeder }),
    }
}

/// What `grid` knows about an account.
///
/// # Errors
/// [`ContractError::NotRegistered`].
pub fn registered(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    account: &Addr,
) -> Result<Account, ContractError> {
    let question = QueryMsg::Account {
        address: account.to_string(),
    };
    querier
        .query_wasm_smart(&config.grid, &question)
        .map_err(|_| ContractError::NotRegistered {
            account: account.clone(),
        })
}
