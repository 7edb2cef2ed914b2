//! `Close`: frees the working state of an ended session in pages.

use cosmwasm_std::{DepsMut, Response};
use gridweave_types::coordinator::Mode;
use gridweave_types::event::ACTION;
use gridweave_types::page::MAX_LIMIT;

use crate::error::ContractError;
use crate::state::{LOWER, STATUS, SessionId, UPPER, load_session, load_status};
use crate::{consensus, exchange, pool};

/// Removes bounds, answers and copies of the next `limit` participants. Schedule, prices, history
/// and attendance stay.
///
/// # Errors
/// Sessions that have not ended or are already cleared.
pub fn clear(deps: DepsMut, session: SessionId, limit: u32) -> Result<Response, ContractError> {
    let mut status = load_status(deps.storage, session)?;
    if !status.has_ended() || status.cleared == status.participants {
        return Err(ContractError::WrongPhase {
            session,
            phase: status.phase,
            expected: "an ended session that is not cleared yet",
        });
    }
    let mode = load_session(deps.storage, session)?.config.mode;
    let first = status.cleared;
    let last = first
        .saturating_add(limit.clamp(1, MAX_LIMIT))
        .min(status.participants);
    for participant in first..last {
        let key = (session, participant);
        LOWER.remove(deps.storage, key);
        UPPER.remove(deps.storage, key);
        match mode {
            Mode::Consensus(_) => consensus::clear(deps.storage, key),
            Mode::Exchange(_) => exchange::clear(deps.storage, key),
            Mode::Pool(_) => pool::clear(deps.storage, key)?,
        }
    }
    status.cleared = last;
    STATUS.save(deps.storage, session, &status)?;
    Ok(Response::new()
        .add_attribute(ACTION, "session_cleared")
        .add_attribute("session", session.to_string())
        .add_attribute("cleared", (last - first).to_string())
        .add_attribute("left", (status.participants - last).to_string()))
}
