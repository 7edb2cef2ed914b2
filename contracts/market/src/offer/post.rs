//! `PostOffer`.

use cosmwasm_std::{
    Addr, DepsMut, Empty, Env, MessageInfo, Response, Storage, Uint64, wasm_execute,
};
use gridweave_rules::market::escrow;
use gridweave_types::assets::{self, PermitClass, Side};
use gridweave_types::event::ACTION;
use gridweave_types::market::ConfigResponse;
use gridweave_types::parameter::within;

use crate::book::Offers;
use crate::clock;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, COUNTS, ENDS, FEEDERS, OWNERS, OfferRecord, Status, offer_state};

/// Posts an offer of the sender and locks what backs it.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::OutsideMarket`],
/// [`ContractError::UnknownFeeder`], [`ContractError::TooManyOffers`]; when `assets` refuses the
/// lock.
pub fn post(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    permit: PermitClass,
    energy: Uint64,
    price: Uint64,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut status = Status::load(deps.storage)?;
    let (energy, price) = (energy.u64(), price.u64());
    within("energy", energy, 1, config.limits.offer_energy.u64())?;
    within("price", price, 0, config.limits.offer_price.u64())?;
    check_place(&config, &status, env, &permit)?;
    let feeder = permit.feeder;
    let limits = FEEDERS.may_load(deps.storage, feeder)?;
    limits.ok_or(ContractError::UnknownFeeder { feeder })?;
    let own = check_room(deps.storage, &config, &status, &info.sender)?;
    let number = status.last_offer.checked_add(1).ok_or(overflow("offers"))?;

    let record = record(&permit, energy, price)?;
    let money = if record.buys {
        escrow(energy, price)
    } else {
        0
    };
    status.last_offer = number;
    status.open_offers += 1;
    COUNTS.save(deps.storage, &info.sender, &(own + 1))?;
    store(deps.storage, number, record, &info.sender)?;
    status.save(deps.storage);
    let lock = assets::ExecuteMsg::Lock {
        offer: u64::from(number).into(),
        holder: info.sender.to_string(),
        permit,
        energy: energy.into(),
        money: money.into(),
    };
    Ok(Response::new()
        .add_message(wasm_execute(&config.assets, &lock, Vec::new())?)
        .add_attribute(ACTION, "offer_posted")
        .add_attribute("offer", number.to_string())
        .add_attribute("owner", info.sender)
        .add_attribute("side", format!("{:?}", permit.side).to_lowercase())
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("intervals", permit.intervals.to_string())
        .add_attribute("energy", energy.to_string())
        .add_attribute("price", price.to_string())
        .add_attribute("money", money.to_string()))
}

fn store(
    storage: &mut dyn Storage,
    number: u32,
    record: OfferRecord,
    owner: &Addr,
) -> Result<(), ContractError> {
    OWNERS.save(storage, number, owner)?;
    ENDS.save(storage, (record.end, number), &Empty {})?;
    let mut offers = Offers::default();
    offers.set(storage, number, record)?;
    Ok(offers.write(storage)?)
}

fn record(permit: &PermitClass, energy: u64, price: u64) -> Result<OfferRecord, ContractError> {
    Ok(OfferRecord {
        state: offer_state::OPEN,
        buys: permit.side == Side::Buy,
        feeder: permit.feeder,
        first: permit.intervals.first().0,
        bitmap: permit.intervals.bitmap(),
        energy: u32::try_from(energy).map_err(|_| overflow("energy"))?,
        traded: 0,
        price,
        end: permit.intervals.last().0,
    })
}

/// That something of the permit can still be traded, and nothing lies beyond the horizon.
fn check_place(
    config: &ConfigResponse,
    status: &Status,
    env: &Env,
    permit: &PermitClass,
) -> Result<(), ContractError> {
    let first = clock::first_open(config, env.block.time.seconds());
    let first = first.ok_or(overflow("interval"))?.max(status.next);
    let horizon = status.next.saturating_add(config.limits.horizon);
    // The last interval there is never ends, so it is not traded.
    let horizon = horizon.min(u32::MAX - 1);
    if (first..=horizon).contains(&permit.intervals.last().0) {
        return Ok(());
    }
    Err(ContractError::OutsideMarket {
        intervals: permit.intervals.to_string(),
        first,
        last: horizon,
    })
}

/// That the sender and the book may have one more; how many the sender has.
fn check_room(
    storage: &dyn Storage,
    config: &ConfigResponse,
    status: &Status,
    sender: &Addr,
) -> Result<u32, ContractError> {
    let limits = &config.limits;
    let own = COUNTS.may_load(storage, sender)?.unwrap_or_default();
    for (whose, count, limit) in [
        (sender.as_str(), own, limits.address_offers),
        ("all", status.open_offers, limits.book),
    ] {
        if count >= limit {
            return Err(ContractError::TooManyOffers {
                whose: whose.into(),
                count,
                limit,
            });
        }
    }
    Ok(own)
}
