//! Queries about participants.

use cosmwasm_std::{Addr, StdResult, Storage};
use gridweave_rules::exchange::centre;
use gridweave_types::coordinator::{
    AssignmentResponse, DualsResponse, ExchangeConfig, Mode, ParticipantResponse,
    ParticipantsResponse, ScheduleResponse, ScheduleRow, TradesResponse,
};
use gridweave_types::page::clamp_limit;
use gridweave_units::{Fx, pack};

use super::refused;
use crate::error::ContractError;
use crate::state::{
    BASELINE, ParticipantKey, SessionId, Status, load_attendance, load_participant, load_session,
    load_status, participant_of,
};
use crate::{consensus, exchange, pool};

/// What a participant is asked in the current round.
pub fn assignment(storage: &dyn Storage, key: ParticipantKey) -> StdResult<AssignmentResponse> {
    let config = load_session(storage, key.0).map_err(refused)?.config;
    let status = load_status(storage, key.0).map_err(refused)?;
    let info = load_participant(storage, key).map_err(refused)?;
    let attendance = load_attendance(storage, key)?;
    let round = status.round;
    let mut in_pool = None;
    let (rho, centres, prices) = match &config.mode {
        Mode::Consensus(mode) => {
            let targets = consensus::targets(storage, key, round)?;
            (vec![mode.rho], targets, Vec::new())
        }
        Mode::Exchange(mode) => exchange_centres(storage, key, mode, &status)?,
        Mode::Pool(mode) => match pool::assignment(storage, key, &info, &config, mode, &status)? {
            Some(asked) => {
                in_pool = Some(asked.pool);
                (vec![asked.rho], asked.copy, asked.price)
            }
            None => (Vec::new(), Vec::new(), Vec::new()),
        },
    };
    let collecting = !status.has_ended() && round > 0;
    Ok(AssignmentResponse {
        phase: status.phase,
        round,
        pending: collecting && !attendance.replaced && attendance.last_round < round,
        rho,
        centres: pack(&centres).into(),
        prices: pack(&prices).into(),
        pool: in_pool,
    })
}

type Centres = (Vec<Fx>, Vec<Fx>, Vec<Fx>);

fn exchange_centres(
    storage: &dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
    status: &Status,
) -> StdResult<Centres> {
    let assigned = exchange::assigned(storage, key)?;
    let rhos = exchange::rhos(mode, status.round.max(1));
    let centres = rhos
        .iter()
        .flat_map(|&rho| centre(&assigned.plan, &assigned.prices, rho))
        .collect();
    Ok((rhos, centres, assigned.prices))
}

/// A participant by index.
pub fn describe(storage: &dyn Storage, key: ParticipantKey) -> StdResult<ParticipantResponse> {
    let info = load_participant(storage, key).map_err(refused)?;
    let attendance = load_attendance(storage, key)?;
    Ok(ParticipantResponse {
        participant: key.1,
        account: info.account,
        bus: info.bus,
        size: info.size,
        last_round: attendance.last_round,
        missed: attendance.missed,
        rejected: attendance.rejected,
        replaced: attendance.replaced,
        baseline: pack(&BASELINE.load(storage, key)?).into(),
        reactive: pack(&exchange::reactive(storage, key)?).into(),
    })
}

/// One page of participants.
pub fn participants(
    storage: &dyn Storage,
    session: SessionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<ParticipantsResponse> {
    let participants = page(storage, session, start_after, limit)?
        .map(|participant| describe(storage, (session, participant)))
        .collect::<StdResult<_>>()?;
    Ok(ParticipantsResponse { participants })
}

/// Indices of one page of participants.
fn page(
    storage: &dyn Storage,
    session: SessionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<std::ops::Range<u32>> {
    let total = load_status(storage, session).map_err(refused)?.participants;
    let first = start_after
        .map_or(0, |last| last.saturating_add(1))
        .min(total);
    let last = first.saturating_add(clamp_limit(limit) as u32).min(total);
    Ok(first..last)
}

/// The participant that an account is.
pub fn participant_by_account(
    storage: &dyn Storage,
    session: SessionId,
    account: &Addr,
) -> StdResult<ParticipantResponse> {
    let participant = participant_of(storage, session, account).map_err(refused)?;
    describe(storage, (session, participant))
}

/// One page of the schedule.
pub fn schedule(
    storage: &dyn Storage,
    session: SessionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<ScheduleResponse> {
    let config = load_session(storage, session).map_err(refused)?.config;
    let status = load_status(storage, session).map_err(refused)?;
    let mut rows = Vec::new();
    for participant in page(storage, session, start_after, limit)? {
        let key = (session, participant);
        let info = load_participant(storage, key).map_err(refused)?;
        let (injection, side_payment) = match &config.mode {
            Mode::Exchange(_) => {
                let plan = exchange::schedule_of(storage, key, status.participants)?;
                (plan, 0)
            }
            Mode::Consensus(_) => {
                let answer = consensus::ANSWER.load(storage, key)?;
                (answer[info.shared as usize..].to_vec(), 0)
            }
            Mode::Pool(_) => pool::outcome(storage, key, &info)?,
        };
        rows.push(ScheduleRow {
            participant,
            account: info.account,
            bus: info.bus,
            injection: pack(&injection).into(),
            side_payment: side_payment.into(),
        });
    }
    Ok(ScheduleResponse { rows })
}

/// Duals of a participant's copies.
pub fn duals(storage: &dyn Storage, key: ParticipantKey) -> StdResult<DualsResponse> {
    let config = load_session(storage, key.0).map_err(refused)?.config;
    let Mode::Consensus(mode) = config.mode else {
        return Err(refused(ContractError::WrongMode {
            session: key.0,
            expected: "consensus",
        }));
    };
    let status = load_status(storage, key.0).map_err(refused)?;
    load_participant(storage, key).map_err(refused)?;
    // The answers of the last round have their projection as well; no round freezes it any more.
    let round = status.round + u32::from(status.has_ended());
    let duals = consensus::duals(storage, key, round, mode.rho)?;
    let copies = consensus::copies(storage, key, round)?;
    Ok(DualsResponse {
        duals: pack(&duals).into(),
        copies: pack(&copies).into(),
    })
}

/// Cleared trades of a participant of an ended session between pairs.
pub fn trades(storage: &dyn Storage, key: ParticipantKey) -> StdResult<TradesResponse> {
    let config = load_session(storage, key.0).map_err(refused)?.config;
    let status = load_status(storage, key.0).map_err(refused)?;
    load_participant(storage, key).map_err(refused)?;
    if !status.has_ended() || key.1 < status.cleared {
        return Err(refused(ContractError::WrongPhase {
            session: key.0,
            phase: status.phase,
            expected: "an ended session that is not cleared yet",
        }));
    }
    let found = match config.mode {
        // The answers of the last round have their projection as well.
        Mode::Consensus(mode) => consensus::trades(storage, key, status.round + 1, mode.rho)?,
        _ => None,
    };
    let trades = found.ok_or_else(|| {
        refused(ContractError::WrongMode {
            session: key.0,
            expected: "consensus between pairs of opposites",
        })
    })?;
    Ok(TradesResponse {
        sales: pack(&trades.sales).into(),
        prices: pack(&trades.prices).into(),
    })
}
