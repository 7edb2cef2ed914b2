//! Queries about offers.

use cosmwasm_std::{Deps, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::assets::Side;
use gridweave_types::market::{OfferResponse, OfferState, OffersResponse};
use gridweave_types::page::clamp_limit;

use crate::book::{Offers, Used};
use crate::error::ContractError;
use crate::state::{OFFER_PAGES, OWNERS, OfferRecord, PAGE, Status, offer_state};

/// One offer.
///
/// # Errors
/// [`ContractError::NoOffer`].
pub fn one(deps: Deps, offer: u32) -> Result<OfferResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let record = Offers::default().get(deps.storage, offer)?;
    if !record.is_open() {
        return Err(ContractError::NoOffer { offer });
    }
    show(deps, offer, &record, &mut Used::of(status.candidate))
}

/// One page of open offers. Pages in storage have at least one, the last excepted.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<OffersResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let mut used = Used::of(status.candidate);
    let mut stored = Offers::default();
    // Offers are numbered from 1, so the one after `start_after` is at this index.
    let first = start_after.unwrap_or_default();
    let start = Some(Bound::inclusive(first / PAGE));
    let limit = clamp_limit(limit);
    let mut offers = Vec::new();
    let pages = OFFER_PAGES.keys(deps.storage, start, None, Order::Ascending);
    let pages = pages.take(limit + 1).collect::<StdResult<Vec<u32>>>()?;
    for page in pages {
        let numbers = (1..=PAGE).filter_map(|at| page.checked_mul(PAGE)?.checked_add(at));
        let numbers = numbers.filter(|number| *number > first);
        for number in numbers {
            if offers.len() == limit {
                return Ok(OffersResponse { offers });
            }
            let record = stored.get(deps.storage, number)?;
            if record.is_open() {
                offers.push(show(deps, number, &record, &mut used)?);
            }
        }
    }
    Ok(OffersResponse { offers })
}

fn show(
    deps: Deps,
    offer: u32,
    record: &OfferRecord,
    used: &mut Used,
) -> Result<OfferResponse, ContractError> {
    Ok(OfferResponse {
        offer,
        owner: OWNERS.load(deps.storage, offer)?,
        state: match record.state {
            offer_state::CLOSING => OfferState::Closing,
            _ => OfferState::Open,
        },
        side: match record.buys {
            true => Side::Buy,
            false => Side::Sell,
        },
        feeder: record.feeder,
        intervals: record.intervals()?,
        energy: u64::from(record.energy).into(),
        traded: u64::from(record.traded).into(),
        candidate: u64::from(used.get(deps.storage, offer)?).into(),
        price: record.price.into(),
    })
}
