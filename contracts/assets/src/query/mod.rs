//! Queries.

mod books;
mod deliveries;
mod holders;
mod permits;

use cosmwasm_std::{Binary, Deps, to_json_binary};
use gridweave_types::assets::QueryMsg;

use crate::error::ContractError;
use crate::state::CONFIG;

/// Dispatches a query.
///
/// # Errors
/// Unknown classes, locks and markets; malformed addresses.
pub fn query(deps: Deps, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Books {} => to_json_binary(&books::books(deps)?),
        QueryMsg::Markets {} => to_json_binary(&books::markets(deps)?),
        QueryMsg::Holder { holder } => to_json_binary(&holders::money(deps, &holder)?),
        QueryMsg::Permits {
            holder,
            start_after,
            limit,
        } => to_json_binary(&holders::permits(deps, &holder, start_after, limit)?),
        QueryMsg::Claims {
            holder,
            start_after,
            limit,
        } => to_json_binary(&holders::claims(deps, &holder, start_after, limit)?),
        QueryMsg::Locks {
            holder,
            market,
            start_after,
            limit,
        } => {
            let start = start_after.map(|offer| offer.u64());
            to_json_binary(&holders::locks(deps, &holder, &market, start, limit)?)
        }
        QueryMsg::Lock { market, offer } => {
            to_json_binary(&holders::lock(deps, &market, offer.u64())?)
        }
        QueryMsg::Class { class } => to_json_binary(&permits::class(deps, &class)?),
        QueryMsg::Classes { start_after, limit } => {
            to_json_binary(&permits::classes(deps, start_after, limit)?)
        }
        QueryMsg::Issued {
            feeder,
            side,
            from,
            limit,
        } => to_json_binary(&permits::issued(deps, feeder, side, from, limit)?),
        QueryMsg::Delivery { class } => to_json_binary(&deliveries::one(deps, &class)?),
        QueryMsg::Deliveries {
            interval,
            start_after,
            limit,
        } => to_json_binary(&deliveries::page(deps, interval, start_after, limit)?),
    };
    Ok(answer?)
}
