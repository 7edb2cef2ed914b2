//! Life of a round, the same in all modes.

use cosmwasm_std::{Env, Event, Response, StdResult, Storage};
use gridweave_types::coordinator::{Mode, Phase, RoundRecord, SessionConfig, StopReason, StopRule};

use crate::error::ContractError;
use crate::state::{HISTORY, STATUS, SessionId, Status, TALLY, Tally, load_session, load_tally};
use crate::{consensus, events, exchange, pool};

/// What closing a round found out.
pub struct Closed {
    /// The record for the history.
    pub record: RoundRecord,
    /// Whether the residuals cover every active participant's latest iterate.
    pub complete: bool,
    /// Participants that were silent, as far as the mode knows them.
    pub silent: Vec<u32>,
    /// Of these, the ones replaced by their baseline.
    pub replaced: Vec<u32>,
    /// Event of a plan that became the best by being confirmed (pool sessions).
    pub confirmed: Option<Event>,
}

/// Starts collecting `round`.
pub fn start_round(
    storage: &mut dyn Storage,
    env: &Env,
    session: SessionId,
    config: &SessionConfig,
    status: &mut Status,
    round: u32,
) -> StdResult<()> {
    status.round = round;
    status.deadline = env.block.time.plus_seconds(config.round_seconds.into());
    TALLY.save(storage, session, &Tally::default());
    Ok(())
}

/// Closes the current round: computes the mode's step, records it, and starts the next round or
/// ends the session. Adds the events to `response`.
pub fn close_round(
    storage: &mut dyn Storage,
    env: &Env,
    session: SessionId,
    mut status: Status,
    response: Response,
) -> Result<Response, ContractError> {
    let config = load_session(storage, session)?.config;
    let tally = load_tally(storage, session)?;
    let round = status.round;
    let absent = status.active().saturating_sub(tally.received);
    let closed = match &config.mode {
        Mode::Consensus(mode) => consensus::close(storage, session, &status, &tally, mode)?,
        Mode::Exchange(_) => exchange::close(storage, session, &status, &tally, &config)?,
        Mode::Pool(mode) => pool::close(storage, session, &status, &tally, &config, mode)?,
    };
    status.missed = status.missed.saturating_add(absent);
    status.rejected = status.rejected.saturating_add(tally.rejected);
    status.replaced += closed.replaced.len() as u32;
    HISTORY.save(storage, (session, round), &closed.record)?;
    let mut response = response
        .add_event(events::round_closed(session, &closed.record))
        .add_events(closed.confirmed.clone());
    for &participant in &closed.silent {
        response = response.add_event(events::agent_missed(session, round, participant));
    }
    for &participant in &closed.replaced {
        let event = events::agent_replaced(session, round, participant, "missed");
        response = response.add_event(event);
    }
    match stop_reason(&config, &status, &closed) {
        Some(reason) => {
            let event = end(storage, session, &mut status, reason)?;
            response = response.add_event(event);
        }
        None => start_round(storage, env, session, &config, &mut status, round + 1)?,
    }
    STATUS.save(storage, session, &status)?;
    Ok(response)
}

/// Ends the session for `reason` and freezes its results.
pub fn end(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &mut Status,
    reason: StopReason,
) -> Result<Event, ContractError> {
    let config = load_session(storage, session)?.config;
    if let (Mode::Exchange(_), Phase::Collecting) = (&config.mode, status.phase) {
        exchange::freeze(storage, session, status, &config)?;
    }
    status.phase = match reason {
        StopReason::Certificate | StopReason::Residuals => Phase::Converged,
        StopReason::Rounds => Phase::Exhausted,
        StopReason::Operator => Phase::Aborted,
    };
    status.stop_reason = Some(reason);
    Ok(events::session_ended(session, status))
}

/// Whether the session ends with this round, and why.
fn stop_reason(config: &SessionConfig, status: &Status, closed: &Closed) -> Option<StopReason> {
    let record = &closed.record;
    if record.round >= config.stop.min_rounds {
        if certified(config, record) {
            return Some(StopReason::Certificate);
        }
        if stops_on_residuals(config) && closed.complete && within(&config.stop, record) {
            return Some(StopReason::Residuals);
        }
    }
    let exhausted = record.round >= config.max_rounds || status.active() == 0;
    exhausted.then_some(StopReason::Rounds)
}

fn certified(config: &SessionConfig, record: &RoundRecord) -> bool {
    matches!((config.stop.gap, record.gap), (Some(limit), Some(gap)) if gap <= limit)
}

/// A session with a gap limit stops on it alone.
fn stops_on_residuals(config: &SessionConfig) -> bool {
    config.stop.gap.is_none()
}

/// M(19).
fn within(stop: &StopRule, record: &RoundRecord) -> bool {
    record.primal <= stop.primal && record.dual <= stop.dual
}
