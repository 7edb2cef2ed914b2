//! `Retire`: energy given up for good.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use gridweave_types::assets::{Asset, ClaimClass, MAX_REASON_BYTES, PermitClass, Side};
use gridweave_types::parameter::{invalid, within};

use crate::error::ContractError;
use crate::events::{self, done};
use crate::ledger::{add, take_claim, take_permit};
use crate::state::HolderId;
use crate::tally::{self, Place};
use crate::work::Work;

/// Burns energy of the sender's permit, or of its claim to bought energy.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::NoHolder`], [`ContractError::NoClass`],
/// [`ContractError::InsufficientPermit`], [`ContractError::InsufficientClaim`],
/// [`ContractError::Obligation`].
pub fn retire(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    asset: Asset,
    energy: u64,
    reason: &str,
) -> Result<Response, ContractError> {
    within("length of reason", reason.len(), 1, MAX_REASON_BYTES)?;
    if energy == 0 {
        return Err(invalid("energy", &energy, "above 0"));
    }
    let mut work = Work::begin(deps.storage, &env)?;
    let holder = (&info.sender, work.holder(&info.sender)?);
    let attributes = match &asset {
        Asset::Permit(class) => {
            burn_permit(&mut work, holder, class, energy)?;
            events::permit(class)
        }
        Asset::Claim(class) => {
            burn_claim(&mut work, holder, class, energy)?;
            events::claim(class)
        }
    };
    let response = done("retired")
        .add_attribute("holder", &info.sender)
        .add_attributes(attributes)
        .add_attribute("energy", energy.to_string())
        .add_attribute("reason", reason);
    Ok(work.finish(response))
}

fn burn_permit(
    work: &mut Work,
    holder: (&Addr, HolderId),
    class: &PermitClass,
    energy: u64,
) -> Result<(), ContractError> {
    take_permit(work, holder, class, energy)?;
    let id = work.class_id(class)?;
    add(&mut work.class(id)?.retired, energy, "retired energy")?;
    let place = Place {
        feeder: class.feeder,
        side: class.side,
    };
    tally::lower(work, place, class.intervals, energy)
}

fn burn_claim(
    work: &mut Work,
    holder: (&Addr, HolderId),
    class: &ClaimClass,
    energy: u64,
) -> Result<(), ContractError> {
    if class.side == Side::Sell {
        return Err(ContractError::Obligation { class: *class });
    }
    take_claim(work, holder, class, energy)?;
    add(&mut work.delivery(class)?.retired, energy, "retired energy")
}
