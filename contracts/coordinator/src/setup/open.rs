//! `Open`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_types::coordinator::{MAX_EXCHANGE_BUSES, Mode, Phase, SessionConfig};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Register;

use super::authorize;
use crate::error::ContractError;
use crate::round::start_round;
use crate::state::{GRID, STATUS, SessionId, Status, load_session, load_setup};
use crate::{consensus, exchange, pool};

/// Ends setup and starts round 1.
///
/// # Errors
/// Senders other than the operator, incomplete sessions.
pub fn open(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    session: SessionId,
) -> Result<Response, ContractError> {
    authorize(deps.as_ref(), &info)?;
    let mut status = load_setup(deps.storage, session)?;
    let config = load_session(deps.storage, session)?.config;
    if status.participants == 0 {
        return Err(ContractError::TooFewParticipants {
            session,
            participants: 0,
            expected: "at least 1",
        });
    }
    complete(deps.branch(), session, &status, &config)?;
    status.phase = Phase::Collecting;
    start_round(deps.storage, &env, session, &config, &mut status, 1)?;
    STATUS.save(deps.storage, session, &status)?;
    Ok(Response::new()
        .add_attribute(ACTION, "session_opened")
        .add_attribute("session", session.to_string())
        .add_attribute("participants", status.participants.to_string())
        .add_attribute("deadline", status.deadline.seconds().to_string()))
}

/// Checks that the session is complete and prepares its mode.
fn complete(
    deps: DepsMut,
    session: SessionId,
    status: &Status,
    config: &SessionConfig,
) -> Result<(), ContractError> {
    match &config.mode {
        Mode::Consensus(consensus) => {
            if status.uncoupled != 0 {
                return Err(ContractError::IncompleteGroups {
                    missing: status.uncoupled,
                });
            }
            consensus::open(deps.storage, session, status, consensus)?;
        }
        Mode::Exchange(exchange) => {
            let grid = GRID.load(deps.storage)?;
            let register = Register::new(deps.querier, &grid);
            let root = register.feeder(config.feeder)?.root;
            // One more than fits shows that the feeder is too large.
            let branches = register.branches(config.feeder, MAX_EXCHANGE_BUSES)?;
            if branches.len() as u32 >= MAX_EXCHANGE_BUSES {
                let buses = format!("more than {MAX_EXCHANGE_BUSES} buses");
                return Err(ContractError::parameter(
                    "feeder",
                    buses,
                    "at most 256 buses",
                ));
            }
            exchange::open(
                deps.storage,
                session,
                status,
                config,
                exchange,
                root,
                branches,
            )?;
        }
        Mode::Pool(mode) => pool::open(deps.storage, session, config, mode)?,
    }
    Ok(())
}
