//! `Advance`: nobody can stall a session.

use cosmwasm_std::{DepsMut, Env, Response, Storage};
use gridweave_types::coordinator::{MAX_REPLACED, Mode};
use gridweave_types::event::ACTION;

use crate::error::ContractError;
use crate::round::close_round;
use crate::state::{
    ATTENDANCE, SessionId, Status, TALLY, load_attendance, load_collecting, load_participant,
    load_session, load_tally,
};
use crate::{consensus, events, pool};

/// Closes the current round once its deadline has passed.
///
/// # Errors
/// Before the deadline, outside `collecting`, or for participants that may not be replaced.
pub fn advance(
    deps: DepsMut,
    env: Env,
    session: SessionId,
    replace: Vec<u32>,
) -> Result<Response, ContractError> {
    let mut status = load_collecting(deps.storage, session)?;
    if env.block.time < status.deadline {
        return Err(ContractError::BeforeDeadline {
            session,
            deadline: status.deadline.seconds(),
            now: env.block.time.seconds(),
        });
    }
    let mut response = Response::new()
        .add_attribute(ACTION, "round_advanced")
        .add_attribute("session", session.to_string())
        .add_attribute("round", status.round.to_string());
    if !replace.is_empty() {
        check_replacements(deps.storage, session, &replace)?;
    }
    for participant in replace {
        replace_silent(deps.storage, session, &mut status, participant)?;
        let event = events::agent_replaced(session, status.round, participant, "missed");
        response = response.add_event(event);
    }
    close_round(deps.storage, &env, session, status, response)
}

fn check_replacements(
    storage: &dyn Storage,
    session: SessionId,
    replace: &[u32],
) -> Result<(), ContractError> {
    if replace.len() > MAX_REPLACED {
        let count = replace.len();
        return Err(ContractError::parameter("replace", count, "at most 30"));
    }
    match load_session(storage, session)?.config.mode {
        Mode::Consensus(_) | Mode::Pool(_) => Ok(()),
        Mode::Exchange(_) => Err(ContractError::WrongMode {
            session,
            expected: "consensus or pool",
        }),
    }
}

/// Replaces one participant that missed `max_misses` rounds in a row, this one included.
fn replace_silent(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &mut Status,
    participant: u32,
) -> Result<(), ContractError> {
    let key = (session, participant);
    load_participant(storage, key)?;
    let mut attendance = load_attendance(storage, key)?;
    if attendance.replaced {
        return Err(ContractError::Replaced { participant });
    }
    let missed = status.round.saturating_sub(attendance.last_round);
    let config = load_session(storage, session)?.config;
    let needed = config.max_misses;
    if missed < needed {
        return Err(ContractError::NotReplaceable {
            participant,
            missed,
            needed,
        });
    }
    attendance.replaced = true;
    attendance.missed = attendance.missed.saturating_add(missed);
    attendance.last_round = status.round;
    ATTENDANCE.save(storage, key, &attendance);
    match config.mode {
        Mode::Pool(_) => {
            pool::replace(storage, key, status.round)?;
            let mut tally = load_tally(storage, session)?;
            tally.retracted = true;
            TALLY.save(storage, session, &tally);
        }
        _ => consensus::replace(storage, key)?,
    }
    status.replaced += 1;
    status.missed = status.missed.saturating_add(1);
    Ok(())
}
