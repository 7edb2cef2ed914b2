//! `RevokeEnrolment`: the operator, or the account itself, ends its part.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::crowdsourcing::EnrolmentState;
use gridweave_types::event::ACTION;

use super::{find, wrong_state};
use crate::authority::require_operator;
use crate::error::ContractError;
use crate::state::{CONFIG, ENROLMENTS};

/// Ends a request or enrolment. What was accepted stands and is settled; nothing else can be.
///
/// # Errors
/// [`ContractError::Unauthorized`] for somebody else's account, [`ContractError::Missing`],
/// [`ContractError::WrongState`].
pub fn revoke(
    deps: DepsMut,
    info: &MessageInfo,
    account: Option<String>,
) -> Result<Response, ContractError> {
    let account = match account {
        Some(account) => parse(deps.api, "account", &account)?,
        None => info.sender.clone(),
    };
    if account != info.sender {
        let config = CONFIG.load(deps.storage)?;
        require_operator(deps.querier, &config, &info.sender)?;
    }
    let (id, mut enrolment) = find(deps.storage, &account)?;
    use EnrolmentState::{Enrolled, Requested};
    if !matches!(enrolment.state, Requested | Enrolled) {
        return Err(wrong_state(&enrolment, "requested or enrolled"));
    }
    enrolment.state = EnrolmentState::Revoked;
    ENROLMENTS.save(deps.storage, id, &enrolment)?;
    Ok(Response::new()
        .add_attribute(ACTION, "enrolment_revoked")
        .add_attribute("account", account)
        .add_attribute("sender", &info.sender))
}
