//! Instantiation: every parameter within its range, then fixed.

use cosmwasm_std::{DepsMut, Response, to_json_string};
use gridweave_rules::settlement::{MAX_ENERGY, MAX_PRICE};
use gridweave_types::address::parse;
use gridweave_types::billing::{
    ConfigResponse, InstantiateMsg, Limits, MAX_PERIOD, MAX_WINDOW, Windows,
};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{InvalidParameter, check_denom, invalid, within};

use crate::error::ContractError;
use crate::state::{BOOKS, Books, CONFIG, Config, SOURCES, TARIFFS};
use crate::tariff;
use crate::work::BOOKS_KEY;

/// Checks and stores the terms.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::InvalidParameter`].
pub fn instantiate(deps: DepsMut, msg: InstantiateMsg) -> Result<Response, ContractError> {
    check(&msg)?;
    let InstantiateMsg {
        tariff, collateral, ..
    } = &msg;
    tariff::check(tariff, &msg.limits)?;
    let terms = ConfigResponse {
        grid: parse(deps.api, "grid", &msg.grid)?,
        treasury: parse(deps.api, "treasury", &msg.treasury)?,
        denom: msg.denom.clone(),
        genesis: msg.genesis,
        interval_seconds: msg.interval_seconds,
        period_intervals: msg.period_intervals,
        reference_price: msg.reference_price,
        collateral: *collateral,
        float: msg.float,
        windows: msg.windows,
        limits: msg.limits,
    };
    let response = Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("config", to_json_string(&terms)?)
        .add_attribute("tariff", to_json_string(tariff)?);
    CONFIG.save(deps.storage, &Config { terms })?;
    TARIFFS.save(deps.storage, 0, tariff)?;
    SOURCES.save(deps.storage, &Vec::new())?;
    BOOKS.save(deps.storage, BOOKS_KEY, &Books::default());
    Ok(response)
}

fn check(msg: &InstantiateMsg) -> Result<(), InvalidParameter> {
    check_denom(&msg.denom)?;
    within("interval_seconds", msg.interval_seconds, 1, MAX_WINDOW)?;
    within("period_intervals", msg.period_intervals, 1, MAX_PERIOD)?;
    check_limits(&msg.limits)?;
    check_windows(&msg.windows)?;
    let price = msg.reference_price.i64();
    if price.unsigned_abs() > msg.limits.price.u64() {
        let expected = format!("at most {} either way", msg.limits.price);
        return Err(invalid("reference_price", &price, &expected));
    }
    Ok(())
}

fn check_limits(limits: &Limits) -> Result<(), InvalidParameter> {
    within("limits.energy", limits.energy.u64(), 1, MAX_ENERGY)?;
    within("limits.price", limits.price.u64(), 1, MAX_PRICE)
}

fn check_windows(windows: &Windows) -> Result<(), InvalidParameter> {
    within("windows.reading", windows.reading, 0, MAX_WINDOW)?;
    within("windows.dispute", windows.dispute, 0, MAX_WINDOW)?;
    let least = windows.reading.saturating_add(windows.dispute);
    within("windows.correction", windows.correction, least, MAX_WINDOW)
}
