//! Who may do what, and what `grid` knows.

use cosmwasm_std::{Addr, QuerierWrapper, Storage};
use gridweave_types::assets::ConfigResponse;
use gridweave_types::grid::{Register, Unauthorized};

use crate::error::ContractError;
use crate::state::{MARKET_NUMBERS, MARKETS, MarketId};

/// The register of this contract.
pub const fn register<'a>(querier: QuerierWrapper<'a>, config: &'a ConfigResponse) -> Register<'a> {
    Register::new(querier, &config.grid)
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
    register(querier, config).require_operator(sender)
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
    Err(Unauthorized::of(sender, "a registered market").into())
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
    match register(querier, config).feeder(feeder) {
        Ok(_) => Ok(()),
        Err(_) => Err(ContractError::UnknownFeeder { feeder }),
    }
}
