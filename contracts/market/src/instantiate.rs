//! Instantiation: every parameter within its range, then fixed.

use cosmwasm_std::{DepsMut, Env, Response, to_json_string};
use gridweave_rules::market::certificate::PPM;
use gridweave_rules::settlement::MAX_PRICE;
use gridweave_types::address::parse;
use gridweave_types::assets;
use gridweave_types::event::ACTION;
use gridweave_types::market::{
    ConfigResponse, InstantiateMsg, Limits, MAX_BOOK, MAX_CLEARING, MAX_HORIZON,
    MAX_INTERVAL_TRADES, MAX_MESSAGE_TRADES, MAX_OFFER_ENERGY, MAX_REVEAL,
};
use gridweave_types::parameter::{InvalidParameter, within};

use crate::clock;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, Status};

/// Checks and stores the terms.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::InvalidParameter`]; when `assets` does not
/// answer.
pub fn instantiate(
    deps: DepsMut,
    env: &Env,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    check(&msg)?;
    let assets = parse(deps.api, "assets", &msg.assets)?;
    let terms: assets::ConfigResponse = deps
        .querier
        .query_wasm_smart(&assets, &assets::QueryMsg::Config {})?;
    let config = ConfigResponse {
        grid: parse(deps.api, "grid", &msg.grid)?,
        assets,
        denom: terms.denom,
        genesis: terms.genesis,
        interval_seconds: terms.interval_seconds,
        objective: msg.objective,
        pricing: msg.pricing,
        clearing: msg.clearing,
        limits: msg.limits,
        bond: msg.bond,
        reward: msg.reward,
        reveal: msg.reveal,
    };
    let first = clock::first_open(&config, env.block.time.seconds());
    let status = Status {
        next: first.ok_or(overflow("interval"))?,
        ..Status::default()
    };
    CONFIG.save(deps.storage, &config)?;
    status.save(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "instantiated")
        .add_attribute("config", to_json_string(&config)?)
        .add_attribute("next", status.next.to_string()))
}

fn check(msg: &InstantiateMsg) -> Result<(), InvalidParameter> {
    within("clearing", msg.clearing, 1, MAX_CLEARING)?;
    check_limits(&msg.limits)?;
    let bond = msg.bond.amount.u128();
    within("bond.infeasible", msg.bond.infeasible.u128(), 0, bond)?;
    within("bond.withheld", msg.bond.withheld.u128(), 0, bond)?;
    let share = msg.reward.uncertified_ppm;
    within("reward.uncertified_ppm", share, 0, PPM)?;
    match msg.reveal {
        Some(reveal) => within("reveal.seconds", reveal.seconds, 1, MAX_REVEAL),
        None => Ok(()),
    }
}

fn check_limits(limits: &Limits) -> Result<(), InvalidParameter> {
    within("limits.address_offers", limits.address_offers, 1, MAX_BOOK)?;
    within("limits.book", limits.book, 1, MAX_BOOK)?;
    let energy = limits.offer_energy.u64();
    within("limits.offer_energy", energy, 1, MAX_OFFER_ENERGY)?;
    let price = limits.offer_price.u64();
    within("limits.offer_price", price, 0, MAX_PRICE)?;
    within("limits.horizon", limits.horizon, 1, MAX_HORIZON)?;
    let trades = limits.message_trades;
    within("limits.message_trades", trades, 1, MAX_MESSAGE_TRADES)?;
    let trades = limits.interval_trades;
    within("limits.interval_trades", trades, 1, MAX_INTERVAL_TRADES)
}
