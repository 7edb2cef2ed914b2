//! Queries.

use cosmwasm_std::{Addr, Binary, Deps, StdError, StdResult, Storage, to_json_binary};
use cw_storage_plus::Bound;
use gridweave_rules::exchange::{centre, relative_gap};
use gridweave_types::coordinator::{
    AssignmentResponse, CertificateResponse, DualsResponse, ExchangeConfig, HistoryResponse, Mode,
    ParticipantResponse, ParticipantsResponse, QueryMsg, ScheduleResponse, ScheduleRow,
    SessionResponse, SessionsResponse,
};
use gridweave_types::page::clamp_limit;
use gridweave_units::{Fx, pack};

use crate::error::ContractError;
use crate::state::{
    BASELINE, HISTORY, ParticipantKey, STATUS, Session, SessionId, Status, TALLY, load_attendance,
    load_participant, load_session, load_status, participant_of,
};
use crate::{consensus, exchange};

/// Dispatches a query.
pub fn query(deps: Deps, msg: QueryMsg) -> StdResult<Binary> {
    let storage = deps.storage;
    match msg {
        QueryMsg::Session { session } => to_json_binary(&status(storage, session)?),
        QueryMsg::Sessions { start_after, limit } => {
            to_json_binary(&sessions(storage, start_after, limit)?)
        }
        QueryMsg::History {
            session,
            start_after,
            limit,
        } => to_json_binary(&history(storage, session, start_after, limit)?),
        QueryMsg::Assignment {
            session,
            participant,
        } => to_json_binary(&assignment(storage, (session, participant))?),
        QueryMsg::Participant {
            session,
            participant,
        } => to_json_binary(&describe(storage, (session, participant))?),
        QueryMsg::Participants {
            session,
            start_after,
            limit,
        } => to_json_binary(&participants(storage, session, start_after, limit)?),
        QueryMsg::ParticipantOf { session, account } => {
            let account = deps.api.addr_validate(&account)?;
            to_json_binary(&participant_by_account(storage, session, &account)?)
        }
        QueryMsg::Answers {
            session,
            participant,
        } => {
            let (found, mode) = exchange_session(storage, session)?;
            let key = (session, participant);
            load_participant(storage, key).map_err(refused)?;
            let status = load_status(storage, session).map_err(refused)?;
            let horizon = found.config.horizon;
            to_json_binary(&exchange::answers(storage, key, &status, &mode, horizon)?)
        }
        QueryMsg::Network {
            session,
            start_after,
            limit,
        } => {
            exchange_session(storage, session)?;
            let start = start_after.unwrap_or_default() as usize;
            to_json_binary(&exchange::network(
                storage,
                session,
                start,
                clamp_limit(limit),
            )?)
        }
        QueryMsg::Prices {
            session,
            start_after,
            limit,
        } => {
            exchange_session(storage, session)?;
            let start = start_after.unwrap_or_default() as usize;
            to_json_binary(&exchange::prices(
                storage,
                session,
                start,
                clamp_limit(limit),
            )?)
        }
        QueryMsg::Schedule {
            session,
            start_after,
            limit,
        } => to_json_binary(&schedule(storage, session, start_after, limit)?),
        QueryMsg::Duals {
            session,
            participant,
        } => to_json_binary(&duals(storage, (session, participant))?),
        QueryMsg::Certificate { session } => to_json_binary(&certificate(storage, session)?),
    }
}

fn status(storage: &dyn Storage, session: SessionId) -> StdResult<SessionResponse> {
    let Session { operator, config } = load_session(storage, session).map_err(refused)?;
    let status = load_status(storage, session).map_err(refused)?;
    let tally = TALLY.may_load(storage, session)?.unwrap_or_default();
    let candidate = exchange::CANDIDATE.may_load(storage, session)?;
    let kept_answers = match &config.mode {
        Mode::Exchange(mode) => exchange::slots_in(mode, status.round),
        Mode::Consensus(_) => 0,
    };
    let open = !status.has_ended();
    Ok(SessionResponse {
        session: session.into(),
        operator,
        config,
        phase: status.phase,
        stop_reason: status.stop_reason,
        round: status.round,
        deadline: status.deadline.seconds().into(),
        participants: status.participants,
        replaced: status.replaced,
        received: tally.received,
        missed: status.missed,
        rejected: status.rejected + if open { tally.rejected } else { 0 },
        kept_answers,
        cost: candidate.as_ref().map(|best| best.cost),
        violation: candidate.map(|best| best.violation),
    })
}

fn sessions(
    storage: &dyn Storage,
    start_after: Option<SessionId>,
    limit: Option<u32>,
) -> StdResult<SessionsResponse> {
    let sessions = STATUS
        .range(
            storage,
            start_after.map(Bound::exclusive),
            None,
            cosmwasm_std::Order::Ascending,
        )
        .take(clamp_limit(limit))
        .map(|entry| entry.map(|(id, status)| (id.into(), status.phase)))
        .collect::<StdResult<_>>()?;
    Ok(SessionsResponse { sessions })
}

fn history(
    storage: &dyn Storage,
    session: SessionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<HistoryResponse> {
    load_session(storage, session).map_err(refused)?;
    let rounds = HISTORY
        .prefix(session)
        .range(
            storage,
            start_after.map(Bound::exclusive),
            None,
            cosmwasm_std::Order::Ascending,
        )
        .take(clamp_limit(limit))
        .map(|entry| entry.map(|(_, record)| record))
        .collect::<StdResult<_>>()?;
    Ok(HistoryResponse { rounds })
}

fn assignment(storage: &dyn Storage, key: ParticipantKey) -> StdResult<AssignmentResponse> {
    let config = load_session(storage, key.0).map_err(refused)?.config;
    let status = load_status(storage, key.0).map_err(refused)?;
    load_participant(storage, key).map_err(refused)?;
    let attendance = load_attendance(storage, key)?;
    let round = status.round;
    let (rho, centres, prices) = match &config.mode {
        Mode::Consensus(mode) => {
            let targets = consensus::targets(storage, key, round)?;
            (vec![mode.rho], targets, Vec::new())
        }
        Mode::Exchange(mode) => exchange_centres(storage, key, mode, &status)?,
    };
    let collecting = !status.has_ended() && round > 0;
    Ok(AssignmentResponse {
        round,
        pending: collecting && !attendance.replaced && attendance.last_round < round,
        rho,
        centres: pack(&centres).into(),
        prices: pack(&prices).into(),
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

fn describe(storage: &dyn Storage, key: ParticipantKey) -> StdResult<ParticipantResponse> {
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

fn participants(
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

fn participant_by_account(
    storage: &dyn Storage,
    session: SessionId,
    account: &Addr,
) -> StdResult<ParticipantResponse> {
    let participant = participant_of(storage, session, account).map_err(refused)?;
    describe(storage, (session, participant))
}

fn schedule(
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
        let injection = match &config.mode {
            Mode::Exchange(_) => exchange::schedule_of(storage, key, status.participants)?,
            Mode::Consensus(_) => {
                let answer = consensus::ANSWER.load(storage, key)?;
                answer[info.shared as usize..].to_vec()
            }
        };
        rows.push(ScheduleRow {
            participant,
            account: info.account,
            bus: info.bus,
            injection: pack(&injection).into(),
        });
    }
    Ok(ScheduleResponse { rows })
}

fn duals(storage: &dyn Storage, key: ParticipantKey) -> StdResult<DualsResponse> {
    let config = load_session(storage, key.0).map_err(refused)?.config;
    let Mode::Consensus(mode) = config.mode else {
        return Err(refused(ContractError::WrongMode {
            session: key.0,
            expected: "consensus",
        }));
    };
    let status = load_status(storage, key.0).map_err(refused)?;
    load_participant(storage, key).map_err(refused)?;
    let duals = consensus::duals(storage, key, status.round, mode.rho)?;
    Ok(DualsResponse {
        duals: pack(&duals).into(),
    })
}

fn certificate(storage: &dyn Storage, session: SessionId) -> StdResult<CertificateResponse> {
    exchange_session(storage, session)?;
    let candidate = exchange::CANDIDATE.load(storage, session)?;
    let bound = exchange::STATE.load(storage, session)?.best;
    Ok(CertificateResponse {
        cost: candidate.cost,
        bound,
        gap: bound.and_then(|bound| relative_gap(candidate.cost, bound)),
        round: candidate.round,
        basis: "best-response claims of the participants; as honest as their private terms".into(),
    })
}

fn exchange_session(
    storage: &dyn Storage,
    session: SessionId,
) -> StdResult<(Session, ExchangeConfig)> {
    let found = load_session(storage, session).map_err(refused)?;
    match found.config.mode.clone() {
        Mode::Exchange(mode) => Ok((found, mode)),
        Mode::Consensus(_) => Err(refused(ContractError::WrongMode {
            session,
            expected: "exchange",
        })),
    }
}

fn refused(error: ContractError) -> StdError {
    StdError::msg(error.to_string())
}
