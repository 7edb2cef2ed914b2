//! `RegisterMarket` and `RemoveMarket`.

use cosmwasm_std::{Addr, DepsMut, MessageInfo, Order, Response, Storage};
use gridweave_types::address::parse;
use gridweave_types::assets::MAX_MARKETS;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::ContractError;
use crate::events::done;
use crate::state::{CONFIG, MARKET_ADDRESSES, MARKET_NUMBERS, MARKETS, Market, MarketId};

/// Registers a market, or takes a removed one back under its old number.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidAddress`],
/// [`ContractError::MarketExists`], [`ContractError::InvalidParameter`] when there are too many.
pub fn register(deps: DepsMut, info: MessageInfo, market: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let market = parse(deps.api, "market", market)?;
    let id = match MARKET_NUMBERS.may_load(deps.storage, &market)? {
        Some(id) => id,
        None => number(deps.storage, &market)?,
    };
    let mut record = MARKETS.may_load(deps.storage, id)?.unwrap_or_default();
    if record.active {
        return Err(ContractError::MarketExists { market });
    }
    record.active = true;
    MARKETS.save(deps.storage, id, &record);
    Ok(done("market_registered")
        .add_attribute("market", market)
        .add_attribute("index", id.to_string()))
}

/// Takes the right to lock away from a market that holds nothing.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidAddress`],
/// [`ContractError::NotAMarket`], [`ContractError::LiveLocks`].
pub fn remove(deps: DepsMut, info: MessageInfo, market: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let market = parse(deps.api, "market", market)?;
    let id = find(deps.storage, &market)?;
    let record = MARKETS.may_load(deps.storage, id)?.unwrap_or_default();
    if !record.active {
        return Err(ContractError::NotAMarket { market });
    }
    let locks = record.locks;
    if locks > 0 {
        return Err(ContractError::LiveLocks { market, locks });
    }
    MARKETS.save(deps.storage, id, &Market::default());
    Ok(done("market_removed").add_attribute("market", market))
}

/// Number of a market that has ever been registered.
///
/// # Errors
/// [`ContractError::NotAMarket`].
pub fn find(storage: &dyn Storage, market: &Addr) -> Result<MarketId, ContractError> {
    let id = MARKET_NUMBERS.may_load(storage, market)?;
    id.ok_or_else(|| ContractError::NotAMarket {
        market: market.clone(),
    })
}

/// Gives a market its number, from 0 on.
fn number(storage: &mut dyn Storage, market: &Addr) -> Result<MarketId, ContractError> {
    let known = MARKET_ADDRESSES.keys(storage, None, None, Order::Ascending);
    let id = known.take(MAX_MARKETS as usize).count() as u32;
    if id >= MAX_MARKETS {
        let expected = format!("at most {MAX_MARKETS}");
        return Err(invalid("number of markets", &(id + 1), &expected));
    }
    MARKET_NUMBERS.save(storage, market, &id)?;
    MARKET_ADDRESSES.save(storage, id, market)?;
    Ok(id)
}
