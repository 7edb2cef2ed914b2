//! `Abort`.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use gridweave_types::coordinator::StopReason;
use gridweave_types::event::ACTION;

use crate::error::ContractError;
use crate::round::end;
use crate::state::{STATUS, SessionId, load_session, load_status};

/// Ends a session that has not ended; the best candidate so far stays readable.
///
/// # Errors
/// Senders other than the operator who created the session, sessions that have ended.
pub fn abort(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
) -> Result<Response, ContractError> {
    let operator = load_session(deps.storage, session)?.operator;
    if info.sender != operator {
        return Err(ContractError::NotOperator {
            sender: info.sender,
            operator,
        });
    }
    let mut status = load_status(deps.storage, session)?;
    if status.has_ended() {
        return Err(ContractError::WrongPhase {
            session,
            phase: status.phase,
            expected: "setup or collecting",
        });
    }
    let event = end(deps.storage, session, &mut status, StopReason::Operator)?;
    STATUS.save(deps.storage, session, &status)?;
    Ok(Response::new()
        .add_attribute(ACTION, "session_aborted")
        .add_attribute("session", session.to_string())
        .add_event(event))
}
