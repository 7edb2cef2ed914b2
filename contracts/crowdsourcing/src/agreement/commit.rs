//! Setpoints that become commitments.

use cosmwasm_std::{Binary, QuerierWrapper, WasmMsg};
use gridweave_types::billing::unpack_readings;
use gridweave_types::crowdsourcing::Terms;
use gridweave_types::parameter::invalid;

use crate::billing;
use crate::enrolment::Member;
use crate::error::{ContractError, overflow};
use crate::events;
use crate::preferences::outside;
use crate::state::{BOOKINGS, SumsRecord};
use crate::work::Work;

/// Setpoints of a programme, one an interval (Wh, injection positive).
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn unpack(terms: &Terms, setpoints: &Binary) -> Result<Vec<i64>, ContractError> {
    let numbers = unpack_readings(setpoints).filter(|all| all.len() == terms.length as usize);
    numbers.ok_or_else(|| {
        let value = format!("{} bytes", setpoints.len());
        invalid(
            "setpoints",
            &value,
            format!("8 bytes for each of {}", terms.length),
        )
    })
}

/// Checks setpoints against the limits of an agreement (Wh).
///
/// # Errors
/// [`ContractError::OutsidePreferences`].
pub fn check_limits(
    member: &Member,
    terms: &Terms,
    setpoints: &[i64],
    (export, import): (u64, u64),
) -> Result<(), ContractError> {
    for (interval, setpoint) in (terms.first..).zip(setpoints) {
        let limit = if *setpoint < 0 { import } else { export };
        if setpoint.unsigned_abs() > limit {
            let expected = format!("-{import} to {export}");
            let value = setpoint.to_string();
            let account = &member.account;
            return Err(outside("setpoints", value, account, interval, expected));
        }
    }
    Ok(())
}

/// What is committed under which agreement.
pub struct Schedule<'a> {
    /// The agreement.
    pub agreement: u64,
    /// Its rate (µ/kWh).
    pub rate: i64,
    /// The programme.
    pub programme: u32,
    /// Its terms.
    pub terms: &'a Terms,
    /// The setpoints as they came.
    pub packed: &'a Binary,
}

/// Books setpoints and makes the message that records them in `billing`; none when all are 0.
///
/// # Errors
/// [`ContractError::Suspended`], [`ContractError::AlreadyAgreed`].
pub fn commit(
    work: &mut Work,
    querier: QuerierWrapper,
    member: &Member,
    schedule: &Schedule,
) -> Result<Option<WasmMsg>, ContractError> {
    billing::require_solvent(querier, &work.config, &member.account)?;
    let setpoints = unpack(schedule.terms, schedule.packed)?;
    let mut rows = Vec::new();
    for (interval, energy) in (schedule.terms.first..).zip(setpoints) {
        if energy != 0 {
            book(work, member, schedule, (interval, energy))?;
            rows.push(billing::commitment(
                &member.account,
                interval,
                energy,
                schedule.rate,
            ));
        }
    }
    work.announce(events::setpoints_committed(
        schedule.agreement,
        schedule.programme,
        &member.account,
        schedule.rate,
        schedule.packed,
    ));
    match rows.is_empty() {
        true => Ok(None),
        false => Ok(Some(billing::record(&work.config, rows)?)),
    }
}

fn book(
    work: &mut Work,
    member: &Member,
    schedule: &Schedule,
    (interval, energy): (u32, i64),
) -> Result<(), ContractError> {
    let key = (member.id, interval);
    let mut booking = BOOKINGS.may_load(work.storage, key)?.unwrap_or_default();
    if booking.agreement != 0 {
        return Err(ContractError::AlreadyAgreed {
            account: member.account.clone(),
            interval,
            agreement: booking.agreement,
        });
    }
    booking.agreement = schedule.agreement;
    booking.agreed = energy;
    BOOKINGS.save(work.storage, key, &booking);
    let used = work.used(schedule.programme, member.id)?;
    let sum = used.checked_add(energy.unsigned_abs());
    *used = sum.ok_or(overflow("energy"))?;
    let sums = SumsRecord {
        agreed: energy,
        ..SumsRecord::default()
    };
    work.count((schedule.programme, interval), member.id, &sums)
}
