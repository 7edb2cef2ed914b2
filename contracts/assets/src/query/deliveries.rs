//! Queries about trades and deposits.

use cosmwasm_std::Deps;
use gridweave_types::assets::{ClaimClass, DeliveriesResponse, DeliveryResponse, Side};
use gridweave_types::page::clamp_limit;

use crate::error::ContractError;
use crate::state::{CONFIG, DELIVERIES, Delivery, side, side_of};

/// One side of a feeder in one interval.
///
/// # Errors
/// Only those of storage.
pub fn one(deps: Deps, class: &ClaimClass) -> Result<DeliveryResponse, ContractError> {
    let limit = CONFIG.load(deps.storage)?.price_limit.u64();
    let key = (class.interval, (side_of(class.side), class.feeder));
    let delivery = DELIVERIES.may_load(deps.storage, key)?;
    Ok(show(*class, &delivery.unwrap_or_default(), limit))
}

/// One page of an interval.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    interval: u32,
    start_after: Option<(Side, u32)>,
    limit: Option<u32>,
) -> Result<DeliveriesResponse, ContractError> {
    let price_limit = CONFIG.load(deps.storage)?.price_limit.u64();
    let start = start_after.map(|(side, feeder)| (side_of(side), feeder));
    let keys = DELIVERIES.seconds(deps.storage, interval, start, clamp_limit(limit))?;
    let mut deliveries = Vec::with_capacity(keys.len());
    for key in keys {
        let delivery = DELIVERIES.may_load(deps.storage, (interval, key))?;
        let class = ClaimClass {
            side: side(key.0),
            feeder: key.1,
            interval,
        };
        deliveries.push(show(class, &delivery.unwrap_or_default(), price_limit));
    }
    Ok(DeliveriesResponse { deliveries })
}

fn show(class: ClaimClass, delivery: &Delivery, limit: u64) -> DeliveryResponse {
    let gone = delivery.deposited.saturating_add(delivery.retired);
    DeliveryResponse {
        class,
        traded: delivery.traded.into(),
        value: delivery.value.into(),
        price: delivery.price(limit).into(),
        claimed: delivery.traded.saturating_sub(gone).into(),
        deposited: delivery.deposited.into(),
        credited: delivery.credited.into(),
        retired: delivery.retired.into(),
    }
}
