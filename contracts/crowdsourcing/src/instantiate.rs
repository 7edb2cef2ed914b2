//! Instantiation: every parameter within its range, then fixed.

use cosmwasm_std::{DepsMut, Response, to_json_string};
use gridweave_types::address::parse;
use gridweave_types::billing;
use gridweave_types::crowdsourcing::{ConfigResponse, InstantiateMsg, MAX_DAY};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::within;

use crate::error::ContractError;
use crate::state::{CONFIG, Status};

/// Checks and stores the terms.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::InvalidParameter`]; when `billing` does not
/// answer.
pub fn instantiate(deps: DepsMut, msg: &InstantiateMsg) -> Result<Response, ContractError> {
    within("day_intervals", msg.day_intervals, 1, MAX_DAY)?;
    let billing = parse(deps.api, "billing", &msg.billing)?;
    let terms: billing::ConfigResponse = deps
        .querier
        .query_wasm_smart(&billing, &billing::QueryMsg::Config {})?;
    let (incentive, most) = (msg.incentive_limit.u64(), terms.limits.price.u64());
    within("incentive_limit", incentive, 1, most)?;
    let config = ConfigResponse {
        grid: parse(deps.api, "grid", &msg.grid)?,
        billing,
        denom: terms.denom,
        genesis: terms.genesis,
        interval_seconds: terms.interval_seconds,
        windows: terms.windows,
        limits: terms.limits,
        collateral: terms.collateral,
        treasury: terms.treasury,
        day_intervals: msg.day_intervals,
        incentive_limit: msg.incentive_limit,
    };
    CONFIG.save(deps.storage, &config)?;
    Status::default().save(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("config", to_json_string(&config)?))
}
