//! `ApproveEnrolment`, `RefuseEnrolment`: the operator answers.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use gridweave_types::crowdsourcing::EnrolmentState;
use gridweave_types::event::ACTION;

use super::{find_text, wrong_state};
use crate::authority::{register, require_operator};
use crate::error::ContractError;
use crate::state::{CONFIG, ENROLMENTS};

/// Lets an account take part that has asked for it and is still registered in `grid`.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::Missing`], [`ContractError::WrongState`],
/// [`ContractError::NotRegistered`].
pub fn approve(
    deps: DepsMut,
    info: &MessageInfo,
    account: &str,
) -> Result<Response, ContractError> {
    decide(deps, info, account, EnrolmentState::Enrolled)
}

/// Does not let it.
///
/// # Errors
/// Those of [`approve`].
pub fn refuse(deps: DepsMut, info: &MessageInfo, account: &str) -> Result<Response, ContractError> {
    decide(deps, info, account, EnrolmentState::Refused)
}

fn decide(
    deps: DepsMut,
    info: &MessageInfo,
    account: &str,
    state: EnrolmentState,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let (id, mut enrolment) = find_text(deps.api, deps.storage, account)?;
    if enrolment.state != EnrolmentState::Requested {
        return Err(wrong_state(&enrolment, "requested"));
    }
    let action = match state {
        EnrolmentState::Enrolled => {
            register(deps.querier, &config).account(&enrolment.account)?;
            "enrolment_approved"
        }
        _ => "enrolment_refused",
    };
    enrolment.state = state;
    ENROLMENTS.save(deps.storage, id, &enrolment)?;
    Ok(Response::new()
        .add_attribute(ACTION, action)
        .add_attribute("account", enrolment.account))
}
