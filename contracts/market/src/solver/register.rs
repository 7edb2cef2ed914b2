//! `RegisterSolver` and `UnregisterSolver`.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use gridweave_types::event::ACTION;
use gridweave_types::funds::{WrongFunds, exact, pay};

use super::load;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, SOLVERS, Status};

/// Registers the sender, or fills its reduced bond up; the coins must be exactly what is missing.
///
/// # Errors
/// [`ContractError::AlreadyRegistered`], [`ContractError::WrongFunds`].
pub fn register(deps: DepsMut, info: &MessageInfo) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let known = SOLVERS.may_load(deps.storage, &info.sender)?;
    let registered = known.is_some();
    let mut solver = known.unwrap_or_default();
    let missing = config.bond.amount.u128();
    let missing = missing.saturating_sub(solver.bond.u128());
    if registered && missing == 0 {
        return Err(ContractError::AlreadyRegistered {
            solver: info.sender.clone(),
        });
    }
    let paid = match info.funds.is_empty() {
        true => 0,
        false => exact(info, &config.denom)?,
    };
    if paid != missing {
        let expected = format!("{missing}{}", config.denom);
        return Err(WrongFunds::of(info, expected).into());
    }
    let mut status = Status::load(deps.storage)?;
    let bonds = status.bonds.checked_add(paid);
    status.bonds = bonds.ok_or(overflow("bonds"))?;
    solver.bond = config.bond.amount;
    SOLVERS.save(deps.storage, &info.sender, &solver)?;
    status.save(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "solver_registered")
        .add_attribute("solver", &info.sender)
        .add_attribute("paid", paid.to_string())
        .add_attribute("bond", solver.bond))
}

/// Gives the sender's bond back. Rewards stay claimable.
///
/// # Errors
/// [`ContractError::NoSolver`], [`ContractError::Pending`].
pub fn unregister(deps: DepsMut, info: &MessageInfo) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let solver = load(deps.storage, &info.sender)?;
    let pending = match (&solver.commit, solver.draft) {
        (Some(_), _) => Some("a commitment to reveal"),
        (None, Some(_)) => Some("a solution to seal or abandon"),
        (None, None) => None,
    };
    if let Some(what) = pending {
        let solver = info.sender.clone();
        return Err(ContractError::Pending { solver, what });
    }
    let mut status = Status::load(deps.storage)?;
    let rest = status.bonds.checked_sub(solver.bond.u128());
    status.bonds = rest.ok_or(overflow("bonds"))?;
    status.save(deps.storage);
    SOLVERS.remove(deps.storage, &info.sender);
    let response = Response::new()
        .add_attribute(ACTION, "solver_unregistered")
        .add_attribute("solver", &info.sender)
        .add_attribute("bond", solver.bond);
    Ok(pay(
        response,
        &info.sender,
        solver.bond.u128(),
        &config.denom,
    ))
}
