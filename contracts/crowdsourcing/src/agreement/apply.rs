//! `UseAgreement`: a later programme under an agreement in force.

use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Response};
use gridweave_types::crowdsourcing::{AgreementState, Terms};
use gridweave_types::event::ACTION;

use super::commit::{Schedule, check_limits, commit, unpack};
use super::{load, require_state};
use crate::authority::require_operator;
use crate::enrolment::{self, Member};
use crate::error::{ContractError, check_interval};
use crate::preferences::check_energy;
use crate::programme::{self, check_running};
use crate::state::{ENROLMENTS, PREFERENCES};
use crate::work::Work;

/// Commits setpoints at the agreed rate: within the agreement's limits, and within the availability
/// and limits of the account's preferences where it has submitted any for the programme.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::Missing`], [`ContractError::WrongState`],
/// [`ContractError::OutsideTerm`], [`ContractError::TooEarly`], [`ContractError::TooLate`],
/// [`ContractError::NotEnrolled`], [`ContractError::NotRegistered`],
/// [`ContractError::InvalidParameter`], [`ContractError::OutsidePreferences`],
/// [`ContractError::Suspended`], [`ContractError::AlreadyAgreed`].
pub fn apply(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    number: u64,
    programme: u32,
    packed: &Binary,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    let agreement = load(work.storage, number)?;
    let expected = (AgreementState::Accepted, "accepted");
    require_state(&work.config, (number, &agreement), env, expected)?;
    let terms = programme::load(work.storage, programme)?.terms;
    for interval in [terms.first, terms.last()] {
        check_interval(interval, agreement.first, agreement.last)?;
    }
    check_running(&work.config, &terms, terms.first, env, "agreements")?;
    let account = ENROLMENTS.load(work.storage, agreement.account)?.account;
    let who = enrolment::AHEAD;
    let member = enrolment::require(work.storage, deps.querier, &work.config, &account, who)?;
    let setpoints = unpack(&terms, packed)?;
    check_limits(
        &member,
        &terms,
        &setpoints,
        (agreement.export, agreement.import),
    )?;
    check_preferences(&work, programme, &member, &terms, &setpoints)?;
    let schedule = Schedule {
        agreement: number,
        rate: agreement.rate,
        programme,
        terms: &terms,
        packed,
    };
    let message = commit(&mut work, deps.querier, &member, &schedule)?;
    let response = Response::new()
        .add_attribute(ACTION, "agreement_used")
        .add_attribute("agreement", number.to_string())
        .add_attribute("programme", programme.to_string())
        .add_attribute("account", account)
        .add_messages(message);
    Ok(work.finish(response))
}

fn check_preferences(
    work: &Work,
    programme: u32,
    member: &Member,
    terms: &Terms,
    setpoints: &[i64],
) -> Result<(), ContractError> {
    let found = PREFERENCES.may_load(work.storage, (programme, member.id))?;
    let Some(submitted) = found else {
        return Ok(());
    };
    let rows = (terms.first..).zip(setpoints);
    for (interval, energy) in rows.filter(|(_, energy)| **energy != 0) {
        check_energy(&submitted.preferences, &member.account, interval, *energy)?;
    }
    Ok(())
}
