//! `SubmitIterate`.

use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Response, Storage};
use gridweave_rules::checks::first_out_of_bounds;
use gridweave_types::coordinator::{Mode, SessionConfig};
use gridweave_types::event::ACTION;
use gridweave_units::{Fx, unpack};

use crate::error::ContractError;
use crate::round::close_round;
use crate::state::{
    ATTENDANCE, Attendance, LOWER, ParticipantInfo, ParticipantKey, STATUS, SessionId, Status,
    TALLY, Tally, UPPER, load_attendance, load_collecting, load_participant, load_session,
    load_tally, participant_of,
};
use crate::{bond, consensus, events, exchange, pool};

/// A checked submission on its way into the mode's state.
pub struct Submission<'a> {
    /// Session id.
    pub session: SessionId,
    /// Round being collected.
    pub round: u32,
    /// Participant index.
    pub participant: u32,
    /// The participant.
    pub info: &'a ParticipantInfo,
    /// Attendance before this submission.
    pub attendance: &'a Attendance,
    /// Declared bounds, the lower ones first.
    pub bounds: [Vec<Fx>; 2],
    /// One answer per query.
    pub answers: Vec<Vec<Fx>>,
    /// Claims as sent.
    pub claims: Vec<Fx>,
}

/// Outcome of the mode's checks.
pub enum Verdict {
    /// The iterate counts.
    Accepted {
        /// The best response it implies at least (exchange sessions, else 0).
        claim: Fx,
        /// Whether it confirms the plan of the round before (pool sessions, from round 2 on).
        confirmed: Option<bool>,
    },
    /// The iterate is ignored, for this reason.
    Rejected(String),
}

/// Takes a participant's iterate; the last one of the round closes it.
///
/// # Errors
/// Strangers, wrong rounds or phases, repeats, malformed payloads. An iterate that fails a check is
/// no error but a counted rejection.
pub fn submit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    session: SessionId,
    round: u32,
    payload: Binary,
    claims: Vec<Fx>,
) -> Result<Response, ContractError> {
    let storage = deps.storage;
    let participant = participant_of(storage, session, &info.sender)?;
    let key = (session, participant);
    let mut status = load_collecting(storage, session)?;
    let attendance = load_attendance(storage, key)?;
    check_turn(&status, &attendance, key, round)?;
    let config = load_session(storage, session)?.config;
    bond::require(storage, key, &config)?;
    let participant_info = load_participant(storage, key)?;
    check_claims(&config, round, &claims)?;
    let submission = Submission {
        session,
        round,
        participant,
        info: &participant_info,
        attendance: &attendance,
        bounds: [LOWER.load(storage, key)?, UPPER.load(storage, key)?],
        answers: unpack_answers(&config, &participant_info, round, &payload)?,
        claims,
    };
    let mut tally = load_tally(storage, session)?;
    let verdict = decide(storage, &config, &submission, &mut tally)?;
    let mut response = describe(&submission, &verdict);
    let attendance = record(&submission, verdict, config.max_rejections, &mut tally);
    if attendance.replaced {
        replace_rejected(storage, &config, key, &mut status, &mut tally)?;
        let event = events::agent_replaced(session, round, participant, "rejected");
        response = response.add_event(event);
    }
    ATTENDANCE.save(storage, key, &attendance);
    TALLY.save(storage, session, &tally);
    if tally.received < status.active() {
        return Ok(response);
    }
    close_round(storage, &env, session, status, response)
}

impl Submission<'_> {
    /// Rounds missed since the participant's last iterate.
    fn missed(&self) -> u32 {
        (self.round - 1).saturating_sub(self.attendance.last_round)
    }
}

/// The response's own attributes, and the rounds missed before.
fn describe(submission: &Submission, verdict: &Verdict) -> Response {
    let (session, round) = (submission.session, submission.round);
    let response = match verdict {
        Verdict::Accepted { confirmed, .. } => {
            let response = Response::new()
                .add_attribute(ACTION, "iterate_submitted")
                .add_attribute("missed", submission.missed().to_string());
            match confirmed {
                Some(confirmed) => response.add_attribute("confirmed", confirmed.to_string()),
                None => response,
            }
        }
        Verdict::Rejected(reason) => Response::new()
            .add_attribute(ACTION, "iterate_rejected")
            .add_attribute("reason", reason),
    };
    let response = response
        .add_attribute("session", session.to_string())
        .add_attribute("round", round.to_string())
        .add_attribute("participant", submission.participant.to_string());
    if submission.missed() == 0 {
        return response;
    }
    response.add_event(events::agent_missed(session, round, submission.participant))
}

/// Counts the iterate. A participant with too many rejections is marked as replaced and no longer
/// counts as received.
fn record(
    submission: &Submission,
    verdict: Verdict,
    max_rejections: u32,
    tally: &mut Tally,
) -> Attendance {
    let mut attendance = submission.attendance.clone();
    attendance.missed = attendance.missed.saturating_add(submission.missed());
    attendance.last_round = submission.round;
    match verdict {
        Verdict::Accepted { claim, .. } => {
            attendance.accepted_round = submission.round;
            attendance.claim = claim;
            tally.accepted += 1;
        }
        Verdict::Rejected(_) => {
            attendance.rejected = attendance.rejected.saturating_add(1);
            attendance.replaced = attendance.rejected >= max_rejections;
            tally.rejected += 1;
        }
    }
    if !attendance.replaced {
        tally.received += 1;
    }
    attendance
}

/// Replaces a participant by its baseline after one rejection too many.
fn replace_rejected(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    key: ParticipantKey,
    status: &mut Status,
    tally: &mut Tally,
) -> Result<(), ContractError> {
    match &config.mode {
        Mode::Consensus(_) => consensus::replace(storage, key)?,
        Mode::Exchange(mode) => exchange::reset_to_baseline(storage, key, mode)?,
        Mode::Pool(_) => pool::replace(storage, key, status.round)?,
    }
    tally.retracted = true;
    status.replaced += 1;
    STATUS.save(storage, key.0, status)?;
    Ok(())
}

/// Checks the answers against the declared bounds, then hands them to the mode.
fn decide(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    submission: &Submission,
    tally: &mut Tally,
) -> Result<Verdict, ContractError> {
    let [lower, upper] = &submission.bounds;
    for answer in &submission.answers {
        if let Some(position) = first_out_of_bounds(answer, lower, upper) {
            let reason = format!("number {position} is {}, out of bounds", answer[position]);
            return Ok(Verdict::Rejected(reason));
        }
    }
    match &config.mode {
        Mode::Consensus(mode) => consensus::accept(storage, config, mode, submission, tally),
        Mode::Exchange(mode) => exchange::accept(storage, config, mode, submission, tally),
        Mode::Pool(mode) => pool::accept(storage, mode, submission),
    }
}

/// The round must be the one collected, and the participant's turn not taken yet.
fn check_turn(
    status: &Status,
    attendance: &Attendance,
    (session, participant): ParticipantKey,
    round: u32,
) -> Result<(), ContractError> {
    if round != status.round {
        return Err(ContractError::WrongRound {
            session,
            round,
            current: status.round,
        });
    }
    if attendance.replaced {
        return Err(ContractError::Replaced { participant });
    }
    if attendance.last_round == round {
        return Err(ContractError::AlreadySubmitted { participant, round });
    }
    Ok(())
}

/// One answer of the participant's size per query of the round.
fn unpack_answers(
    config: &SessionConfig,
    info: &ParticipantInfo,
    round: u32,
    payload: &Binary,
) -> Result<Vec<Vec<Fx>>, ContractError> {
    let size = info.size as usize;
    let numbers =
        unpack(payload, size * queries(config, round)).map_err(ContractError::packed("payload"))?;
    Ok(numbers.chunks(size).map(<[Fx]>::to_vec).collect())
}

/// Queries of a round.
fn queries(config: &SessionConfig, round: u32) -> usize {
    match &config.mode {
        Mode::Consensus(_) => 1,
        Mode::Exchange(mode) => mode.rho.start.len(),
        Mode::Pool(_) if pool::is_closing(config, round) => 0,
        Mode::Pool(_) => 1,
    }
}

fn check_claims(config: &SessionConfig, round: u32, claims: &[Fx]) -> Result<(), ContractError> {
    let expected = match &config.mode {
        Mode::Consensus(_) => 0..=0,
        Mode::Exchange(mode) if mode.private_costs => {
            let count = 1 + queries(config, round);
            count..=count
        }
        Mode::Exchange(_) => 1..=1,
        Mode::Pool(_) => {
            for &claim in claims {
                pool::check_cost("claims", claim)?;
            }
            1..=if round > 1 { 2 } else { 1 }
        }
    };
    if expected.contains(&claims.len()) {
        return Ok(());
    }
    Err(ContractError::parameter(
        "claims",
        format!("{} numbers", claims.len()),
        "the best-response value, then with private costs the cost of each answer, in a pool that of the plan before",
    ))
}
