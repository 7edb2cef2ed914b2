//! `CreateSession`.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Timestamp};
use gridweave_types::coordinator::{Mode, Phase, SessionConfig};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Register;

use super::{authorize, validate};
use crate::error::ContractError;
use crate::state::{GRID, NEXT_SESSION, SESSIONS, STATUS, Session, Status};

/// Creates a session in phase `setup`.
///
/// # Errors
/// Senders other than the operator, an unknown feeder, parameters out of range.
pub fn create(
    deps: DepsMut,
    info: MessageInfo,
    config: SessionConfig,
) -> Result<Response, ContractError> {
    authorize(deps.as_ref(), &info)?;
    validate::config(&config)?;
    let grid = GRID.load(deps.storage)?;
    Register::new(deps.querier, &grid).feeder(config.feeder)?;
    let session = NEXT_SESSION.load(deps.storage)?;
    NEXT_SESSION.save(deps.storage, &(session + 1))?;
    STATUS.save(deps.storage, session, &new_status())?;
    let response = Response::new()
        .add_attribute(ACTION, "session_created")
        .add_attribute("session", session.to_string())
        .add_attribute("mode", mode_name(&config.mode))
        .add_attribute("horizon", config.horizon.to_string())
        .add_attribute("feeder", config.feeder.to_string());
    SESSIONS.save(
        deps.storage,
        session,
        &Session {
            operator: info.sender,
            config,
        },
    )?;
    Ok(response)
}

fn new_status() -> Status {
    Status {
        phase: Phase::Setup,
        stop_reason: None,
        round: 0,
        deadline: Timestamp::default(),
        participants: 0,
        replaced: 0,
        groups: 0,
        uncoupled: 0,
        missed: 0,
        rejected: 0,
        cleared: 0,
    }
}

fn mode_name(mode: &Mode) -> &'static str {
    match mode {
        Mode::Consensus(_) => "consensus",
        Mode::Exchange(_) => "exchange",
        Mode::Pool(_) => "pool",
    }
}
