//! `Split`: parts of a permit narrowed to fewer intervals.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_types::assets::{MAX_PARTS, PermitClass, PermitPart};
use gridweave_types::parameter::invalid;
use gridweave_units::IntervalSet;

use crate::error::{ContractError, check_rows};
use crate::events::{done, permit, permit_narrowed};
use crate::ledger::{add, give_permit, take_permit};
use crate::tally::{self, Place};
use crate::work::Work;

/// Narrows parts of the sender's permit. What is not named stays with its full amount on all
/// intervals; nothing is ever widened.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::NoHolder`], [`ContractError::NoClass`],
/// [`ContractError::NotNarrower`], [`ContractError::InsufficientPermit`].
pub fn split(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    class: PermitClass,
    parts: &[PermitPart],
) -> Result<Response, ContractError> {
    check_rows("number of parts", parts.len(), MAX_PARTS)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let holder = (&info.sender, work.holder(&info.sender)?);
    let from = work.class_id(&class)?;
    let mut total: u64 = 0;
    for part in parts {
        let energy = part.energy.u64();
        if energy == 0 {
            return Err(invalid("parts.energy", &energy, "above 0"));
        }
        let lost = narrowed(&class, part)?;
        add(&mut total, energy, "energy of the parts")?;
        take_permit(&mut work, holder, &class, energy)?;
        add(
            &mut work.class(from)?.narrowed_out,
            energy,
            "narrowed energy",
        )?;
        let place = Place {
            feeder: class.feeder,
            side: class.side,
        };
        tally::lower(&mut work, place, lost, energy)?;
        let narrow = PermitClass {
            intervals: part.intervals,
            ..class
        };
        let into = work.class_id_or_new(&narrow)?;
        give_permit(&mut work, holder.1, into, energy)?;
        add(
            &mut work.class(into)?.narrowed_in,
            energy,
            "narrowed energy",
        )?;
        work.announce(permit_narrowed(holder.0, &class, &narrow, energy));
    }
    let left = *work.permit((holder.1, from))?;
    let response = done("permit_split")
        .add_attribute("holder", holder.0)
        .add_attributes(permit(&class))
        .add_attribute("energy", total.to_string())
        .add_attribute("left", left.to_string());
    Ok(work.finish(response))
}

/// The intervals that a part gives up.
fn narrowed(class: &PermitClass, part: &PermitPart) -> Result<IntervalSet, ContractError> {
    let (part, intervals) = (part.intervals, class.intervals);
    let lost = intervals.minus(part);
    lost.filter(|_| part.is_subset(intervals))
        .ok_or(ContractError::NotNarrower { part, intervals })
}
