//! `Release`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint64};
use gridweave_types::assets::MAX_RELEASES;

use crate::authority::require_market;
use crate::error::{ContractError, check_rows};
use crate::events::{done, packed};
use crate::ledger::{add, give_money, give_permit, sub};
use crate::state::{HOLDER_LOCKS, Lock, MarketId};
use crate::work::Work;

/// Gives back what is left in locks and removes them; all of them or none.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::NoLock`].
pub fn release(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    offers: &[Uint64],
) -> Result<Response, ContractError> {
    let market = require_market(deps.storage, &info.sender)?;
    check_rows("number of offers", offers.len(), MAX_RELEASES)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let mut released = Vec::with_capacity(offers.len());
    let (mut energy, mut money) = (0, 0);
    for offer in offers {
        let lock = release_one(&mut work, market, offer.u64())?;
        add(&mut energy, lock.energy, "released energy")?;
        add(&mut money, lock.money, "released money")?;
        released.push(lock);
    }
    let energies = released.iter().map(|lock| lock.energy);
    let amounts = released.iter().map(|lock| lock.money);
    let response = done("locks_released")
        .add_attribute("market", info.sender)
        .add_attribute("locks", offers.len().to_string())
        .add_attribute("energy", energy.to_string())
        .add_attribute("money", money.to_string())
        .add_attribute("offers", packed(offers.iter().map(|offer| offer.u64())))
        .add_attribute("energies", packed(energies))
        .add_attribute("amounts", packed(amounts));
    Ok(work.finish(response))
}

/// What was left in the lock.
fn release_one(work: &mut Work, market: MarketId, offer: u64) -> Result<Lock, ContractError> {
    let lock = std::mem::take(work.lock((market, offer))?);
    if lock.holder == 0 {
        return Err(ContractError::NoLock { offer });
    }
    sub(
        &mut work.class(lock.class)?.locked,
        lock.energy,
        "locked energy",
    )?;
    give_permit(work, lock.holder, lock.class, lock.energy)?;
    sub(&mut work.books.locked, lock.money, "locked money")?;
    give_money(work, lock.holder, lock.money)?;
    sub(&mut work.market(market)?.locks, 1, "number of locks")?;
    HOLDER_LOCKS.remove(work.storage, (lock.holder, market, offer));
    Ok(lock)
}
