//! `SubmitSolution`.

use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Response};
use gridweave_rules::market::Progress;

use super::desk::{Desk, extend_digest};
use super::judge::{Comparison, Solution, accept};
use super::verify::{Refusal, check};
use crate::error::{ContractError, overflow};

/// A solution in one message: verified, and the candidate if it is strictly better.
///
/// An infeasible one is recorded and costs part of the bond. One of an earlier round, and one that is
/// no better, are recorded and cost nothing.
///
/// # Errors
/// What is malformed, unauthorised or out of turn.
pub fn submit(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    round: u32,
    trades: &[u8],
    certificate: Option<Binary>,
    salt: Option<Binary>,
) -> Result<Response, ContractError> {
    let mut desk = Desk::open(deps.storage, env, info)?;
    let digest = extend_digest(&[0; 32], trades);
    desk.reveal(round, salt, &digest)?;
    if desk.is_stale(round)? {
        let detail = format!("round: {round} is over");
        return desk.rejected("stale", &detail, 0);
    }
    let read = desk.trades(trades)?;
    let number = desk.status.last_solution.checked_add(1);
    let number = number.ok_or(overflow("solutions"))?;
    let checked = match check(&desk, number, Progress::default(), read, true) {
        Ok(checked) => checked,
        Err(Refusal::Violation(violation)) => return desk.infeasible(&violation),
        Err(Refusal::Error(error)) => return Err(error),
    };
    let solution = Solution {
        number,
        trades: checked.trades,
        value: checked.value()?,
        digest,
    };
    let comparison = Comparison::of(&desk, solution.value)?;
    if !comparison.is_better() {
        return desk.rejected("not_better", &comparison.detail(), 0);
    }
    desk.status.last_solution = number;
    checked.store(&mut desk)?;
    accept(desk, solution, &comparison, certificate)
}
