//! Answers about terms, books, markets, money and locks.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64, Uint128};

use super::PermitClass;

/// Answer to [`super::QueryMsg::Config`]; see [`super::InstantiateMsg`].
#[cw_serde]
pub struct ConfigResponse {
    /// The `grid` contract.
    pub grid: Addr,
    /// The `billing` contract, if any.
    pub billing: Option<Addr>,
    /// The one bank denom.
    pub denom: String,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval.
    pub interval_seconds: u32,
    /// Highest price of a recorded commitment (µ/kWh).
    pub price_limit: Uint64,
}

/// Answer to [`super::QueryMsg::Books`].
///
/// `paid_in − paid_out = free + locked + deposited` (µ), which is the contract's bank balance unless
/// somebody sent coins past the messages.
#[cw_serde]
pub struct BooksResponse {
    /// All coins that came in.
    pub paid_in: Uint128,
    /// All coins that went out.
    pub paid_out: Uint128,
    /// Sum of the holders' free money.
    pub free: Uint128,
    /// Sum of the money in locks.
    pub locked: Uint128,
    /// Returned to the operator and not paid out.
    pub deposited: Uint128,
    /// Energy of all permits ever issued (Wh).
    pub issued: Uint64,
    /// Addresses ever used.
    pub holders: u32,
    /// Classes of permits ever used.
    pub classes: u32,
}

/// A market.
#[cw_serde]
pub struct MarketResponse {
    /// Its address.
    pub market: Addr,
    /// Its number, by order of registration.
    pub index: u32,
    /// Whether it may lock assets.
    pub active: bool,
    /// Its locks.
    pub locks: Uint64,
}

/// Answer to [`super::QueryMsg::Markets`].
#[cw_serde]
pub struct MarketsResponse {
    /// All markets, at most [`super::MAX_MARKETS`].
    pub markets: Vec<MarketResponse>,
}

/// Answer to [`super::QueryMsg::Holder`].
#[cw_serde]
pub struct HolderResponse {
    /// The address.
    pub holder: Addr,
    /// Money that is not locked (µ).
    pub money: Uint128,
}

/// Answer to [`super::QueryMsg::Lock`]: what is left in a lock.
#[cw_serde]
pub struct LockResponse {
    /// The market.
    pub market: Addr,
    /// The offer.
    pub offer: Uint64,
    /// Who offers.
    pub holder: Addr,
    /// The permit.
    pub permit: PermitClass,
    /// Energy (Wh).
    pub energy: Uint64,
    /// Money (µ).
    pub money: Uint128,
}

/// Answer to [`super::QueryMsg::Locks`].
#[cw_serde]
pub struct LocksResponse {
    /// One page by offer.
    pub locks: Vec<LockResponse>,
}
