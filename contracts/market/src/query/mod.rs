//! Queries.

mod intervals;
mod offers;
mod solvers;

use cosmwasm_std::{Binary, Deps, Order, StdResult, to_json_binary};
use cw_storage_plus::Bound;
use gridweave_rules::market as rule;
use gridweave_types::market::{
    BooksResponse, CandidateResponse, FeederResponse, FeedersResponse, Phase, QueryMsg,
    StatusResponse,
};
use gridweave_types::page::clamp_limit;
use gridweave_units::Interval;

use crate::clock;
use crate::error::{ContractError, overflow};
use crate::state::{CANDIDATE, CONFIG, FEEDER_KEYS, FEEDERS, Status, phase};

/// Dispatches a query.
///
/// # Errors
/// Unknown offers, feeders and solvers; malformed addresses.
pub fn query(deps: Deps, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Status {} => to_json_binary(&status(deps)?),
        QueryMsg::Books {} => to_json_binary(&books(deps)?),
        QueryMsg::Offer { offer } => to_json_binary(&offers::one(deps, offer)?),
        QueryMsg::Offers { start_after, limit } => {
            to_json_binary(&offers::page(deps, start_after, limit)?)
        }
        QueryMsg::Candidate {} => to_json_binary(&candidate(deps)?),
        QueryMsg::CandidateIntervals { start_after, limit } => {
            to_json_binary(&intervals::page(deps, start_after, limit)?)
        }
        QueryMsg::Interval { interval } => to_json_binary(&intervals::one(deps, interval)?),
        QueryMsg::Feeder { feeder } => to_json_binary(&self::feeder(deps, feeder)?),
        QueryMsg::Feeders { start_after, limit } => {
            to_json_binary(&feeders(deps, start_after, limit)?)
        }
        QueryMsg::Solver { solver } => to_json_binary(&solvers::one(deps, &solver)?),
        QueryMsg::Solvers { start_after, limit } => {
            to_json_binary(&solvers::page(deps, start_after.as_deref(), limit)?)
        }
        QueryMsg::Draft { solver } => to_json_binary(&solvers::draft(deps, &solver)?),
    };
    Ok(answer?)
}

/// What the candidate is worth now.
fn objective(deps: Deps, status: &Status) -> Result<i128, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let rule = rule::Objective::from(config.objective);
    let total = rule.total(status.value(), Interval(status.next));
    total.ok_or(overflow("candidate"))
}

fn status(deps: Deps) -> Result<StatusResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let config = CONFIG.load(deps.storage)?;
    Ok(StatusResponse {
        next: status.next,
        due: clock::due_at(&config, status.next).into(),
        phase: match status.phase {
            phase::SETTLING => Phase::Settling,
            phase::SWEEPING => Phase::Sweeping,
            _ => Phase::Open,
        },
        settled: status.settled,
        last_offer: status.last_offer,
        open_offers: status.open_offers,
        limits_lowered: status.lowered,
        solution: status.candidate.into(),
        objective: objective(deps, &status)?.into(),
    })
}

fn books(deps: Deps) -> Result<BooksResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    Ok(BooksResponse {
        bonds: status.bonds.into(),
        pool: status.pool.into(),
        owed: status.owed.into(),
    })
}

fn candidate(deps: Deps) -> Result<CandidateResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let candidate = CANDIDATE.may_load(deps.storage)?;
    let certified = candidate.as_ref().and_then(|candidate| candidate.certified);
    let accepted = candidate.as_ref().map(|held| held.accepted_objective);
    let solver = candidate.as_ref().map(|held| held.solver.clone());
    let shares = candidate.map(|held| held.shares).unwrap_or_default();
    Ok(CandidateResponse {
        solution: status.candidate.into(),
        solver,
        objective: objective(deps, &status)?.into(),
        energy: status.energy.into(),
        accepted_objective: accepted.unwrap_or_default(),
        bound: certified.map(|(bound, _)| bound),
        ratio_ppm: certified.map(|(_, ratio)| ratio),
        shares: shares
            .into_iter()
            .map(|share| (share.solver, share.weight, share.quality_ppm))
            .collect(),
    })
}

fn feeder(deps: Deps, feeder: u32) -> Result<FeederResponse, ContractError> {
    let limits = FEEDERS.may_load(deps.storage, feeder)?;
    let limits = limits.ok_or(ContractError::UnknownFeeder { feeder })?;
    Ok(FeederResponse {
        feeder,
        limits: rule::FeederLimits::from(limits).into(),
    })
}

fn feeders(
    deps: Deps,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<FeedersResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let keys = FEEDER_KEYS.keys(deps.storage, start, None, Order::Ascending);
    let keys = keys.take(clamp_limit(limit));
    let keys = keys.collect::<StdResult<Vec<u32>>>()?;
    let feeders = keys.into_iter().map(|number| feeder(deps, number));
    Ok(FeedersResponse {
        feeders: feeders.collect::<Result<_, _>>()?,
    })
}
