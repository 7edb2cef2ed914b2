//! Instantiation: every parameter within its range, then fixed.

use cosmwasm_std::{Addr, DepsMut, QuerierWrapper, Response, to_json_string};
use gridweave_rules::settlement::MAX_PRICE;
use gridweave_types::address::parse;
use gridweave_types::assets::{ConfigResponse, InstantiateMsg};
use gridweave_types::billing;
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{InvalidParameter, check_denom, invalid, within};

use crate::error::ContractError;
use crate::state::{BOOKS, BOOKS_KEY, Books, CONFIG};

/// Checks and stores the terms.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::InvalidParameter`]; when `billing` does not
/// answer.
pub fn instantiate(deps: DepsMut, msg: InstantiateMsg) -> Result<Response, ContractError> {
    check_denom(&msg.denom)?;
    within(
        "interval_seconds",
        msg.interval_seconds,
        1,
        billing::MAX_WINDOW,
    )?;
    within("price_limit", msg.price_limit.u64(), 1, MAX_PRICE)?;
    let parse = |field, value: &str| parse(deps.api, field, value);
    let config = ConfigResponse {
        grid: parse("grid", &msg.grid)?,
        billing: (msg.billing.as_deref())
            .map(|billing| parse("billing", billing))
            .transpose()?,
        denom: msg.denom,
        genesis: msg.genesis,
        interval_seconds: msg.interval_seconds,
        price_limit: msg.price_limit,
    };
    if let Some(billing) = &config.billing {
        check_billing(deps.querier, &config, billing)?;
    }
    let response = Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("config", to_json_string(&config)?);
    CONFIG.save(deps.storage, &config)?;
    BOOKS.save(deps.storage, BOOKS_KEY, &Books::default());
    Ok(response)
}

/// Both contracts must count the same intervals and the same coins.
fn check_billing(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    billing: &Addr,
) -> Result<(), ContractError> {
    let terms: billing::ConfigResponse =
        querier.query_wasm_smart(billing, &billing::QueryMsg::Config {})?;
    let same = |field, here: &dyn ToString, there: &dyn ToString| {
        let (here, there) = (here.to_string(), there.to_string());
        if here == there {
            return Ok(());
        }
        let expected = format!("{there} as in billing");
        Err(invalid::<InvalidParameter>(field, &here, expected))
    };
    same("denom", &config.denom, &terms.denom)?;
    same("genesis", &config.genesis, &terms.genesis)?;
    let seconds = config.interval_seconds;
    same("interval_seconds", &seconds, &terms.interval_seconds)?;
    let limit = terms.limits.price.u64();
    Ok(within("price_limit", config.price_limit.u64(), 1, limit)?)
}
