//! Solutions in several messages. Only the solver that has begun one can go on with it.

use cosmwasm_std::{Addr, Binary, DepsMut, Env, MessageInfo, Response, Storage};
use gridweave_types::event::ACTION;

use super::desk::{Desk, extend_digest};
use super::judge::{Comparison, Solution, accept};
use super::verify::{Refusal, check};
use crate::error::{ContractError, overflow};
use crate::solver;
use crate::state::{DRAFTS, Draft, SOLVERS, SolutionId, Solver, draft_progress, remove_solution};

/// Begins a solution.
///
/// # Errors
/// [`ContractError::Pending`] when one is begun, [`ContractError::Nothing`] without a commitment
/// where the market wants one, [`ContractError::WrongRound`].
pub fn begin(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    round: u32,
) -> Result<Response, ContractError> {
    let mut desk = Desk::open(deps.storage, env, info)?;
    if desk.solver.draft.is_some() {
        let (solver, what) = (desk.address, "a solution to seal or abandon");
        return Err(ContractError::Pending { solver, what });
    }
    if desk.config.reveal.is_some() && desk.solver.commit.is_none() {
        let (solver, what) = (desk.address, "commitment");
        return Err(ContractError::Nothing { solver, what });
    }
    if desk.is_stale(round)? {
        let expected = desk.status.next;
        return Err(ContractError::WrongRound { round, expected });
    }
    let number = desk.status.last_solution.checked_add(1);
    let number = number.ok_or(overflow("solutions"))?;
    desk.status.last_solution = number;
    desk.solver.draft = Some(number);
    let draft = Draft {
        round,
        lowerings: desk.status.lowerings,
        ..Draft::default()
    };
    DRAFTS.save(desk.storage, number, &draft);
    let response =
        answer("solution_begun", &desk.address, number).add_attribute("round", round.to_string());
    desk.close()?;
    Ok(response)
}

/// Verifies and stores more trades. Infeasible ones end the solution and cost part of the bond.
///
/// # Errors
/// [`ContractError::Nothing`], [`ContractError::WrongRound`], [`ContractError::WrongSequence`],
/// [`ContractError::LimitsLowered`]; what is malformed.
pub fn append(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    sequence: u32,
    trades: &[u8],
) -> Result<Response, ContractError> {
    let mut desk = Desk::open(deps.storage, env, info)?;
    let (number, mut draft) = load(desk.storage, &desk.address, &desk.solver)?;
    if desk.is_stale(draft.round)? {
        return Err(ContractError::WrongRound {
            round: draft.round,
            expected: desk.status.next,
        });
    }
    if sequence != draft.sequence {
        let expected = draft.sequence;
        return Err(ContractError::WrongSequence { sequence, expected });
    }
    if draft.lowerings != desk.status.lowerings {
        return Err(ContractError::LimitsLowered {});
    }
    let read = desk.trades(trades)?;
    let checked = match check(&desk, number, draft_progress(&draft), read, false) {
        Ok(checked) => checked,
        Err(Refusal::Violation(violation)) => {
            drop_draft(&mut desk, number)?;
            // What has been shown is not withheld: one forfeit is enough.
            desk.solver.commit = None;
            return desk.infeasible(&violation);
        }
        Err(Refusal::Error(error)) => return Err(error),
    };
    let value = draft.value().checked_add(checked.value()?);
    draft.set_value(value.ok_or(overflow("objective"))?);
    draft.trades = draft.trades.saturating_add(checked.trades);
    draft.sequence = sequence.checked_add(1).ok_or(overflow("sequence"))?;
    draft.set_digest(extend_digest(&draft.digest(), trades));
    draft.set_progress(&checked.progress);
    checked.store(&mut desk)?;
    DRAFTS.save(desk.storage, number, &draft);
    let response = answer("trades_appended", &desk.address, number)
        .add_attribute("sequence", sequence.to_string())
        .add_attribute("trades", draft.trades.to_string());
    desk.close()?;
    Ok(response)
}

/// Completes a solution; the rest is as in one message.
///
/// # Errors
/// [`ContractError::Nothing`], [`ContractError::InvalidParameter`] without trades,
/// [`ContractError::LimitsLowered`]; those of the commitment and of the certificate.
pub fn seal(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    certificate: Option<Binary>,
    salt: Option<Binary>,
) -> Result<Response, ContractError> {
    let mut desk = Desk::open(deps.storage, env, info)?;
    let (number, draft) = load(desk.storage, &desk.address, &desk.solver)?;
    desk.reveal(draft.round, salt, &draft.digest())?;
    if desk.is_stale(draft.round)? {
        drop_draft(&mut desk, number)?;
        let detail = format!("round: {} is over", draft.round);
        return desk.rejected("stale", &detail, 0);
    }
    if draft.lowerings != desk.status.lowerings {
        return Err(ContractError::LimitsLowered {});
    }
    gridweave_types::parameter::within("number of trades", draft.trades, 1, u32::MAX)?;
    let progress = draft_progress(&draft);
    let checked = match check(&desk, number, progress, std::iter::empty(), true) {
        Ok(checked) => checked,
        Err(Refusal::Violation(violation)) => {
            drop_draft(&mut desk, number)?;
            return desk.infeasible(&violation);
        }
        Err(Refusal::Error(error)) => return Err(error),
    };
    let value = draft.value().checked_add(checked.value()?);
    let solution = Solution {
        number,
        trades: draft.trades,
        value: value.ok_or(overflow("objective"))?,
        digest: draft.digest(),
    };
    let comparison = Comparison::of(&desk, solution.value)?;
    if !comparison.is_better() {
        drop_draft(&mut desk, number)?;
        return desk.rejected("not_better", &comparison.detail(), 0);
    }
    checked.store(&mut desk)?;
    DRAFTS.remove(desk.storage, number);
    desk.solver.draft = None;
    accept(desk, solution, &comparison, certificate)
}

/// Gives up a solution. A commitment stays, and is forfeited unless it is revealed otherwise.
///
/// # Errors
/// [`ContractError::NoSolver`], [`ContractError::Nothing`].
pub fn abandon(deps: DepsMut, info: &MessageInfo) -> Result<Response, ContractError> {
    let mut solver = solver::load(deps.storage, &info.sender)?;
    let (number, _) = load(deps.storage, &info.sender, &solver)?;
    remove_solution(deps.storage, number, 0)?;
    solver.draft = None;
    SOLVERS.save(deps.storage, &info.sender, &solver)?;
    Ok(answer("solution_abandoned", &info.sender, number))
}

/// The solution that a solver has begun.
///
/// # Errors
/// [`ContractError::Nothing`].
pub fn load(
    storage: &dyn Storage,
    address: &Addr,
    solver: &Solver,
) -> Result<(SolutionId, Draft), ContractError> {
    let nothing = || ContractError::Nothing {
        solver: address.clone(),
        what: "solution begun",
    };
    let number = solver.draft.ok_or_else(nothing)?;
    let draft = DRAFTS.may_load(storage, number)?;
    Ok((number, draft.ok_or_else(nothing)?))
}

fn drop_draft(desk: &mut Desk, number: SolutionId) -> Result<(), ContractError> {
    desk.solver.draft = None;
    Ok(remove_solution(desk.storage, number, 0)?)
}

fn answer(action: &str, solver: &Addr, number: SolutionId) -> Response {
    Response::new()
        .add_attribute(ACTION, action)
        .add_attribute("solver", solver)
        .add_attribute("solution", number.to_string())
}
