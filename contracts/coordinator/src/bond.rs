//! Bonds: posted before the first iterate, pulled back after the end, less what was forfeited.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Storage, Uint128, coins};
use gridweave_types::coordinator::{BondTerms, SessionConfig};
use gridweave_types::event::ACTION;
use gridweave_types::funds::{WrongFunds, display, pay};

use crate::error::ContractError;
use crate::state::{
    Attendance, BONDS, FORFEITED, ParticipantKey, SessionId, Status, load_attendance, load_session,
    load_status, participant_of,
};

/// Takes a participant's bond.
///
/// # Errors
/// Strangers, sessions without bond or ended, a second bond, any other funds.
pub fn post(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
) -> Result<Response, ContractError> {
    let participant = participant_of(deps.storage, session, &info.sender)?;
    let key = (session, participant);
    let terms = terms(deps.storage, key)?;
    if load_status(deps.storage, session)?.has_ended() {
        return Err(problem(key, "the session has ended"));
    }
    if BONDS.has(deps.storage, key) {
        return Err(problem(key, "already posted"));
    }
    let expected = coins(terms.amount.u128(), &terms.denom);
    if info.funds != expected {
        return Err(WrongFunds::of(&info, display(&expected)).into());
    }
    BONDS.save(deps.storage, key, &terms.amount)?;
    Ok(Response::new()
        .add_attribute(ACTION, "bond_posted")
        .add_attribute("session", session.to_string())
        .add_attribute("participant", participant.to_string())
        .add_attribute("amount", terms.amount))
}

/// Requires the bond of a session that asks for one.
pub fn require(
    storage: &dyn Storage,
    key: ParticipantKey,
    config: &SessionConfig,
) -> Result<(), ContractError> {
    if config.bond.is_some() && !BONDS.has(storage, key) {
        return Err(problem(key, "not posted"));
    }
    Ok(())
}

/// Pays a participant what is left of its bond, or the operator what was forfeited so far.
///
/// # Errors
/// Sessions that have not ended, senders with nothing to collect.
pub fn reclaim(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
) -> Result<Response, ContractError> {
    let status = load_status(deps.storage, session)?;
    if !status.has_ended() {
        return Err(ContractError::WrongPhase {
            session,
            phase: status.phase,
            expected: "an ended session",
        });
    }
    let operator = load_session(deps.storage, session)?.operator;
    if info.sender == operator {
        return collect(deps, info, session);
    }
    let participant = participant_of(deps.storage, session, &info.sender)?;
    let key = (session, participant);
    let terms = terms(deps.storage, key)?;
    let posted = BONDS
        .may_load(deps.storage, key)?
        .filter(|amount| !amount.is_zero())
        .ok_or_else(|| problem(key, "not posted or already reclaimed"))?;
    let attendance = load_attendance(deps.storage, key)?;
    let lost = forfeit(&terms, &status, &attendance).min(posted);
    let left = posted - lost;
    // Zero, not absent: the bond cannot be posted again.
    BONDS.save(deps.storage, key, &Uint128::zero())?;
    FORFEITED.update(deps.storage, session, |total| {
        total
            .unwrap_or_default()
            .checked_add(lost)
            .map_err(cosmwasm_std::StdError::from)
    })?;
    let response = Response::new()
        .add_attribute(ACTION, "bond_reclaimed")
        .add_attribute("session", session.to_string())
        .add_attribute("participant", participant.to_string())
        .add_attribute("amount", left)
        .add_attribute("forfeited", lost);
    Ok(pay(response, &info.sender, left.u128(), &terms.denom))
}

/// Pays the operator what participants forfeited.
fn collect(
    deps: DepsMut,
    info: MessageInfo,
    session: SessionId,
) -> Result<Response, ContractError> {
    let terms = terms(deps.storage, (session, 0))?;
    let amount = FORFEITED
        .may_load(deps.storage, session)?
        .unwrap_or_default();
    if amount.is_zero() {
        return Err(ContractError::NothingToCollect { session, amount });
    }
    FORFEITED.remove(deps.storage, session);
    let response = Response::new()
        .add_attribute(ACTION, "bond_collected")
        .add_attribute("session", session.to_string())
        .add_attribute("amount", amount);
    Ok(pay(response, &info.sender, amount.u128(), &terms.denom))
}

/// `per_miss` for each missed round, the ones since its last iterate included, and `per_rejection`
/// for each rejected iterate.
fn forfeit(terms: &BondTerms, status: &Status, attendance: &Attendance) -> Uint128 {
    let trailing = if attendance.replaced {
        0
    } else {
        closed_rounds(status).saturating_sub(attendance.last_round)
    };
    let missed = Uint128::from(attendance.missed) + Uint128::from(trailing);
    let rejected = Uint128::from(attendance.rejected);
    let for_misses = terms.per_miss.saturating_mul(missed);
    for_misses.saturating_add(terms.per_rejection.saturating_mul(rejected))
}

/// The round of an abort never closed.
fn closed_rounds(status: &Status) -> u32 {
    match status.phase {
        gridweave_types::coordinator::Phase::Aborted => status.round.saturating_sub(1),
        _ => status.round,
    }
}

fn terms(storage: &dyn Storage, key: ParticipantKey) -> Result<BondTerms, ContractError> {
    load_session(storage, key.0)?
        .config
        .bond
        .ok_or_else(|| problem(key, "the session has none"))
}

fn problem(key: ParticipantKey, problem: &'static str) -> ContractError {
    ContractError::Bond {
        session: key.0,
        participant: key.1,
        problem,
    }
}
