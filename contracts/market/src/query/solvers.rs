//! Queries about solvers.

use cosmwasm_std::{Addr, Binary, Deps, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::address::parse;
use gridweave_types::market::{DraftResponse, SolverResponse, SolversResponse};
use gridweave_types::page::clamp_limit;

use crate::error::ContractError;
use crate::solver;
use crate::state::{CONFIG, DRAFTS, OWED, SOLVERS, Solver};

/// One solver.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoSolver`].
pub fn one(deps: Deps, address: &str) -> Result<SolverResponse, ContractError> {
    let address = parse(deps.api, "solver", address)?;
    let solver = solver::load(deps.storage, &address)?;
    show(deps, address, solver)
}

/// One page of solvers.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn page(
    deps: Deps,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<SolversResponse, ContractError> {
    let start = start_after.map(|text| parse(deps.api, "start_after", text));
    let start = start.transpose()?;
    let bound = start.as_ref().map(Bound::exclusive);
    let found = SOLVERS.range(deps.storage, bound, None, Order::Ascending);
    let found = found.take(clamp_limit(limit));
    let found = found.collect::<StdResult<Vec<(Addr, Solver)>>>()?;
    let shown = found
        .into_iter()
        .map(|(address, solver)| show(deps, address, solver));
    Ok(SolversResponse {
        solvers: shown.collect::<Result<_, _>>()?,
    })
}

/// The solution that a solver has begun.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoSolver`], [`ContractError::Nothing`].
pub fn draft(deps: Deps, address: &str) -> Result<DraftResponse, ContractError> {
    let address = parse(deps.api, "solver", address)?;
    let solver = solver::load(deps.storage, &address)?;
    let number = solver.draft.unwrap_or_default();
    let draft = DRAFTS.may_load(deps.storage, number)?;
    let draft = draft.ok_or(ContractError::Nothing {
        solver: address,
        what: "solution begun",
    })?;
    Ok(DraftResponse {
        solution: number.into(),
        round: draft.round,
        sequence: draft.sequence,
        trades: draft.trades,
        digest: Binary::from(draft.digest()),
    })
}

fn show(deps: Deps, address: Addr, solver: Solver) -> Result<SolverResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let owed = OWED.may_load(deps.storage, &address)?.unwrap_or_default();
    let until = match (config.reveal, &solver.commit) {
        (Some(reveal), Some(commit)) => Some(solver::reveal_until(reveal, commit).into()),
        _ => None,
    };
    Ok(SolverResponse {
        solver: address,
        bond: solver.bond,
        active: solver.bond >= config.bond.amount,
        commit: solver.commit.map(|commit| commit.hash),
        reveal_until: until,
        accepted: solver.accepted,
        rejected: solver.rejected,
        owed,
    })
}
