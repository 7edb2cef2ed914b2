//! Queries about what addresses hold.

use cosmwasm_std::{Addr, Deps, Order, StdError, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::address::parse;
use gridweave_types::assets::{
    ClaimBalance, ClaimClass, ClaimsResponse, HolderResponse, LockResponse, LocksResponse,
    PermitBalance, PermitClass, PermitsResponse,
};
use gridweave_types::page::clamp_limit;

use super::permits::{find, load};
use crate::error::ContractError;
use crate::market;
use crate::state::{
    CLAIMS, HOLDER_LOCKS, HOLDER_NUMBERS, HOLDERS, HolderId, LOCKS, MONEY, MarketId, PERMITS,
    claim_key, claim_of,
};

/// A holder's money.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn money(deps: Deps, holder: &str) -> Result<HolderResponse, ContractError> {
    let (holder, id) = number(deps, holder)?;
    let money = match id {
        Some(id) => MONEY.may_load(deps.storage, id)?.unwrap_or_default(),
        None => 0,
    };
    Ok(HolderResponse {
        holder,
        money: money.into(),
    })
}

/// One page of a holder's free permits.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoClass`].
pub fn permits(
    deps: Deps,
    holder: &str,
    start_after: Option<PermitClass>,
    limit: Option<u32>,
) -> Result<PermitsResponse, ContractError> {
    let start = start_after.map(|class| find(deps, &class)).transpose()?;
    let (_, Some(id)) = number(deps, holder)? else {
        return Ok(PermitsResponse {
            permits: Vec::new(),
        });
    };
    let classes = PERMITS.seconds(deps.storage, id, start, clamp_limit(limit))?;
    let permits = classes.into_iter().map(|class| {
        let energy = PERMITS.may_load(deps.storage, (id, class))?;
        Ok(PermitBalance {
            class: load(deps, class)?.permit()?,
            energy: energy.unwrap_or_default().into(),
        })
    });
    Ok(PermitsResponse {
        permits: permits.collect::<StdResult<_>>()?,
    })
}

/// One page of a holder's claims.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn claims(
    deps: Deps,
    holder: &str,
    start_after: Option<ClaimClass>,
    limit: Option<u32>,
) -> Result<ClaimsResponse, ContractError> {
    let (holder, id) = number(deps, holder)?;
    let mut claims = Vec::new();
    if let Some(id) = id {
        let start = start_after.map(|class| claim_key(&class));
        for key in CLAIMS.seconds(deps.storage, id, start, clamp_limit(limit))? {
            let energy = CLAIMS.may_load(deps.storage, (id, key))?;
            claims.push(ClaimBalance {
                class: claim_of(&key),
                energy: energy.unwrap_or_default().into(),
            });
        }
    }
    Ok(ClaimsResponse { holder, claims })
}

/// One page of a holder's locks in a market.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NotAMarket`].
pub fn locks(
    deps: Deps,
    holder: &str,
    market: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<LocksResponse, ContractError> {
    let (market, market_id) = market_of(deps, market)?;
    let (_, Some(id)) = number(deps, holder)? else {
        return Ok(LocksResponse { locks: Vec::new() });
    };
    let start = start_after.map(Bound::exclusive);
    let offers = HOLDER_LOCKS
        .prefix((id, market_id))
        .keys(deps.storage, start, None, Order::Ascending)
        .take(clamp_limit(limit))
        .collect::<StdResult<Vec<u64>>>()?;
    let locks = offers
        .into_iter()
        .map(|offer| show(deps, &market, market_id, offer));
    Ok(LocksResponse {
        locks: locks.collect::<Result<_, _>>()?,
    })
}

/// One lock.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NotAMarket`], [`ContractError::NoLock`].
pub fn lock(deps: Deps, market: &str, offer: u64) -> Result<LockResponse, ContractError> {
    let (market, id) = market_of(deps, market)?;
    show(deps, &market, id, offer)
}

fn show(
    deps: Deps,
    market: &Addr,
    market_id: MarketId,
    offer: u64,
) -> Result<LockResponse, ContractError> {
    let lock = LOCKS.may_load(deps.storage, (market_id, offer))?;
    let lock = lock.ok_or(ContractError::NoLock { offer })?;
    let holder = HOLDERS.may_load(deps.storage, lock.holder)?;
    Ok(LockResponse {
        market: market.clone(),
        offer: offer.into(),
        holder: holder.ok_or_else(|| StdError::msg("stored lock has no holder"))?,
        permit: load(deps, lock.class)?.permit()?,
        energy: lock.energy.into(),
        money: lock.money.into(),
    })
}

fn market_of(deps: Deps, market: &str) -> Result<(Addr, MarketId), ContractError> {
    let market = parse(deps.api, "market", market)?;
    let id = market::find(deps.storage, &market)?;
    Ok((market, id))
}

/// An address and its number, if it has been used.
fn number(deps: Deps, holder: &str) -> Result<(Addr, Option<HolderId>), ContractError> {
    let holder = parse(deps.api, "holder", holder)?;
    let id = HOLDER_NUMBERS.may_load(deps.storage, &holder)?;
    Ok((holder, id))
}
