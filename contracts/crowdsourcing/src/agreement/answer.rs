//! `AcceptAgreement`, `DeclineAgreement`: the account's message is its signature.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_types::crowdsourcing::AgreementState;
use gridweave_types::event::ACTION;
use gridweave_types::grid::Unauthorized;

use super::commit::{Schedule, commit};
use super::{load, require_state};
use crate::enrolment;
use crate::error::ContractError;
use crate::programme;
use crate::state::{AGREEMENTS, Agreement, CONFIG, ENROLMENTS};
use crate::work::Work;

/// Signs an agreement; its setpoints become commitments.
///
/// # Errors
/// [`ContractError::Missing`], [`ContractError::Unauthorized`], [`ContractError::WrongState`] when it
/// does not wait for an answer (any more), [`ContractError::NotEnrolled`],
/// [`ContractError::NotRegistered`], [`ContractError::Suspended`], [`ContractError::AlreadyAgreed`].
pub fn accept(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    number: u64,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    let mut agreement = load(work.storage, number)?;
    let account = ENROLMENTS.load(work.storage, agreement.account)?.account;
    if account != info.sender {
        return Err(Unauthorized::of(&info.sender, account).into());
    }
    let expected = (AgreementState::Proposed, "proposed");
    require_state(&work.config, (number, &agreement), env, expected)?;
    let who = enrolment::AHEAD;
    let member = enrolment::require(work.storage, deps.querier, &work.config, &account, who)?;
    agreement.state = AgreementState::Accepted;
    AGREEMENTS.save(work.storage, number, &agreement)?;
    let terms = programme::load(work.storage, agreement.programme)?.terms;
    let schedule = Schedule {
        agreement: number,
        rate: agreement.rate,
        programme: agreement.programme,
        terms: &terms,
        packed: &agreement.setpoints,
    };
    let message = commit(&mut work, deps.querier, &member, &schedule)?;
    let response = done("agreement_accepted", number, &agreement)
        .add_attribute("account", account)
        .add_messages(message);
    Ok(work.finish(response))
}

/// Turns an agreement down.
///
/// # Errors
/// [`ContractError::Missing`], [`ContractError::Unauthorized`], [`ContractError::WrongState`].
pub fn decline(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    number: u64,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut agreement = load(deps.storage, number)?;
    let account = ENROLMENTS.load(deps.storage, agreement.account)?.account;
    if account != info.sender {
        return Err(Unauthorized::of(&info.sender, account).into());
    }
    let expected = (AgreementState::Proposed, "proposed");
    require_state(&config, (number, &agreement), env, expected)?;
    agreement.state = AgreementState::Declined;
    AGREEMENTS.save(deps.storage, number, &agreement)?;
    Ok(done("agreement_declined", number, &agreement).add_attribute("account", account))
}

fn done(action: &str, number: u64, agreement: &Agreement) -> Response {
    Response::new()
        .add_attribute(ACTION, action)
        .add_attribute("agreement", number.to_string())
        .add_attribute("programme", agreement.programme.to_string())
}
