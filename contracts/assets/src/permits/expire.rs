//! `Expire`: permits of the past are struck out.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::address::parse;
use gridweave_types::assets::PermitClass;

use crate::error::ContractError;
use crate::events::{done, permit};
use crate::ledger::{add, take_permit};
use crate::work::Work;

/// Strikes out what a holder has free of a permit whose last interval has begun. What is locked
/// can expire once it is released.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NotExpired`], [`ContractError::NoHolder`],
/// [`ContractError::NoClass`], [`ContractError::InsufficientPermit`] when nothing is free.
pub fn expire(
    deps: DepsMut,
    env: Env,
    holder: &str,
    class: PermitClass,
) -> Result<Response, ContractError> {
    let holder = parse(deps.api, "holder", holder)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let (begins, begun) = work.begin_of(class.intervals.last());
    if !begun {
        let now = work.now;
        return Err(ContractError::NotExpired { class, begins, now });
    }
    let id = work.class_id(&class)?;
    let holder_id = work.holder(&holder)?;
    let energy = *work.permit((holder_id, id))?;
    // Asking for nothing is refused, so that a repeated call is not announced.
    take_permit(&mut work, (&holder, holder_id), &class, energy.max(1))?;
    add(&mut work.class(id)?.expired, energy, "expired energy")?;
    let response = done("permit_expired")
        .add_attribute("holder", holder)
        .add_attributes(permit(&class))
        .add_attribute("energy", energy.to_string());
    Ok(work.finish(response))
}
