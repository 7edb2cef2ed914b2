//! `Lock`.

use cosmwasm_std::{Addr, DepsMut, Empty, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::assets::PermitClass;
use gridweave_types::parameter::invalid;

use crate::authority::require_market;
use crate::error::{ContractError, Shortfall};
use crate::events::{done, permit};
use crate::ledger::{add, take_money, take_permit};
use crate::state::{CLASS_NUMBERS, HOLDER_LOCKS, HOLDER_NUMBERS, Lock, MarketId, class_key};
use crate::work::Work;

/// What an offer locks.
pub struct Wanted {
    /// The permit.
    pub permit: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Money (µ).
    pub money: u128,
}

/// Moves a holder's permit and money into a lock of its own.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::InvalidAddress`], [`ContractError::Expired`], [`ContractError::LockExists`],
/// [`ContractError::Short`].
pub fn lock(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    offer: u64,
    holder: &str,
    wanted: &Wanted,
) -> Result<Response, ContractError> {
    let market = require_market(deps.storage, &info.sender)?;
    let holder = parse(deps.api, "holder", holder)?;
    if wanted.energy == 0 {
        return Err(invalid("energy", &wanted.energy, "above 0"));
    }
    let mut work = Work::begin(deps.storage, &env)?;
    let class = wanted.permit;
    let (begins, begun) = work.begin_of(class.intervals.last());
    if begun {
        let now = work.now;
        return Err(ContractError::Expired { class, begins, now });
    }
    if work.lock((market, offer))?.holder != 0 {
        return Err(ContractError::LockExists { offer });
    }
    move_in(&mut work, market, offer, &holder, wanted)?;
    let response = done("locked")
        .add_attribute("market", info.sender)
        .add_attribute("offer", offer.to_string())
        .add_attribute("holder", holder)
        .add_attributes(permit(&class))
        .add_attribute("energy", wanted.energy.to_string())
        .add_attribute("money", wanted.money.to_string());
    Ok(work.finish(response))
}

fn move_in(
    work: &mut Work,
    market: MarketId,
    offer: u64,
    holder: &Addr,
    wanted: &Wanted,
) -> Result<(), ContractError> {
    let short = |held_energy, held_money| {
        ContractError::Short(Box::new(Shortfall {
            offer,
            holder: holder.clone(),
            class: wanted.permit,
            asked_energy: wanted.energy,
            held_energy,
            asked_money: wanted.money,
            held_money,
        }))
    };
    let Some(id) = HOLDER_NUMBERS.may_load(work.storage, holder)? else {
        return Err(short(0, 0));
    };
    let held_money = *work.money(id)?;
    let Some(class) = CLASS_NUMBERS.may_load(work.storage, class_key(&wanted.permit))? else {
        return Err(short(0, held_money));
    };
    let held_energy = *work.permit((id, class))?;
    if held_energy < wanted.energy || held_money < wanted.money {
        return Err(short(held_energy, held_money));
    }
    take_permit(work, (holder, id), &wanted.permit, wanted.energy)?;
    take_money(work, (holder, id), wanted.money)?;
    add(
        &mut work.class(class)?.locked,
        wanted.energy,
        "locked energy",
    )?;
    add(&mut work.books.locked, wanted.money, "locked money")?;
    add(&mut work.market(market)?.locks, 1, "number of locks")?;
    *work.lock((market, offer))? = Lock {
        holder: id,
        class,
        energy: wanted.energy,
        money: wanted.money,
    };
    Ok(HOLDER_LOCKS.save(work.storage, (id, market, offer), &Empty {})?)
}
