//! Queries.

mod participant;

use cosmwasm_std::{Binary, Deps, StdError, StdResult, Storage, to_json_binary};
use cw_storage_plus::Bound;
use gridweave_types::coordinator::{
    AnswersResponse, BusPrices, CertificateResponse, ExchangeConfig, HistoryResponse, Mode,
    QueryMsg, SessionResponse, SessionsResponse,
};
use gridweave_types::page::clamp_limit;

use crate::error::ContractError;
use crate::state::{
    HISTORY, ParticipantKey, STATUS, Session, SessionId, load_participant, load_session,
    load_status, load_tally,
};
use crate::{exchange, pool};

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
        } => to_json_binary(&participant::assignment(storage, (session, participant))?),
        QueryMsg::Participant {
            session,
            participant,
        } => to_json_binary(&participant::describe(storage, (session, participant))?),
        QueryMsg::Participants {
            session,
            start_after,
            limit,
        } => to_json_binary(&participant::participants(
            storage,
            session,
            start_after,
            limit,
        )?),
        QueryMsg::ParticipantOf { session, account } => {
            let account = deps.api.addr_validate(&account)?;
            to_json_binary(&participant::participant_by_account(
                storage, session, &account,
            )?)
        }
        QueryMsg::Answers {
            session,
            participant,
        } => to_json_binary(&answers(storage, (session, participant))?),
        QueryMsg::Network {
            session,
            start_after,
            limit,
        } => {
            let (start, limit) = bus_page(storage, session, start_after, limit)?;
            to_json_binary(&exchange::network(storage, session, start, limit)?)
        }
        QueryMsg::Prices {
            session,
            start_after,
            limit,
        } => {
            let (start, limit) = bus_page(storage, session, start_after, limit)?;
            to_json_binary(&exchange::prices(storage, session, start, limit)?)
        }
        QueryMsg::PricesOf { session, bus } => to_json_binary(&prices_of(storage, session, bus)?),
        QueryMsg::Schedule {
            session,
            start_after,
            limit,
        } => to_json_binary(&participant::schedule(
            storage,
            session,
            start_after,
            limit,
        )?),
        QueryMsg::Duals {
            session,
            participant,
        } => to_json_binary(&participant::duals(storage, (session, participant))?),
        QueryMsg::Trades {
            session,
            participant,
        } => to_json_binary(&participant::trades(storage, (session, participant))?),
        QueryMsg::Certificate { session } => to_json_binary(&certificate(storage, session)?),
        QueryMsg::Pool { session } => {
            pool_session(storage, session)?;
            to_json_binary(&pool::describe(storage, session)?)
        }
    }
}

/// First bus and number of buses of a page of an exchange session.
fn bus_page(
    storage: &dyn Storage,
    session: SessionId,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<(usize, usize)> {
    exchange_session(storage, session)?;
    let start = start_after.unwrap_or_default() as usize;
    Ok((start, clamp_limit(limit)))
}

fn answers(storage: &dyn Storage, key: ParticipantKey) -> StdResult<AnswersResponse> {
    let (found, mode) = exchange_session(storage, key.0)?;
    load_participant(storage, key).map_err(refused)?;
    let status = load_status(storage, key.0).map_err(refused)?;
    exchange::answers(storage, key, &status, &mode, found.config.horizon)
}

fn status(storage: &dyn Storage, session: SessionId) -> StdResult<SessionResponse> {
    let Session { operator, config } = load_session(storage, session).map_err(refused)?;
    let status = load_status(storage, session).map_err(refused)?;
    let tally = load_tally(storage, session)?;
    let candidate = exchange::CANDIDATE.may_load(storage, session)?;
    let kept_answers = match &config.mode {
        Mode::Exchange(mode) => exchange::slots_in(mode, status.round),
        Mode::Consensus(_) | Mode::Pool(_) => 0,
    };
    let pool = pool::POOL.may_load(storage, session)?;
    let cost = candidate.as_ref().map(|best| best.cost);
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
        groups: status.groups,
        replaced: status.replaced,
        received: tally.received,
        missed: status.missed,
        rejected: status.rejected + if open { tally.rejected } else { 0 },
        kept_answers,
        cost: cost.or(pool.map(|pool| pool.best.cost)),
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

fn certificate(storage: &dyn Storage, session: SessionId) -> StdResult<CertificateResponse> {
    if pool_session(storage, session).is_ok() {
        return pool::certificate(storage, session);
    }
    let (_, mode) = exchange_session(storage, session)?;
    let candidate = exchange::CANDIDATE.load(storage, session)?;
    let bound = exchange::STATE.load(storage, session)?.best;
    Ok(CertificateResponse {
        cost: candidate.cost,
        bound,
        gap: exchange::certified_gap(storage, session, &mode, bound)?,
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
        Mode::Consensus(_) | Mode::Pool(_) => Err(refused(ContractError::WrongMode {
            session,
            expected: "exchange",
        })),
    }
}

fn pool_session(storage: &dyn Storage, session: SessionId) -> StdResult<()> {
    match load_session(storage, session).map_err(refused)?.config.mode {
        Mode::Pool(_) => Ok(()),
        _ => Err(refused(ContractError::WrongMode {
            session,
            expected: "pool",
        })),
    }
}

fn prices_of(storage: &dyn Storage, session: SessionId, bus: u32) -> StdResult<BusPrices> {
    if pool_session(storage, session).is_ok() {
        return pool::prices(storage, session, bus);
    }
    exchange_session(storage, session)?;
    exchange::prices_of(storage, session, bus)
}

fn refused(error: ContractError) -> StdError {
    StdError::msg(error.to_string())
}
