//! `AcceptTask`, `DeclineTask`, lines 5 to 7 of algorithm 1.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Unauthorized;

use super::{account_of, load, promise, release, wrong_state};
use crate::billing;
use crate::enrolment;
use crate::error::{ContractError, check_window};
use crate::state::{SumsRecord, TASKS, TaskRecord, task_state};
use crate::work::Work;

/// Accepts: the task becomes a commitment at `λ` in `billing`, its incentive a promise of the budget.
/// An acceptance of an earlier round stands, since later ones only pay more.
///
/// # Errors
/// [`ContractError::Missing`], [`ContractError::Unauthorized`], [`ContractError::WrongState`],
/// [`ContractError::TooLate`], [`ContractError::WrongRound`], [`ContractError::NotEnrolled`],
/// [`ContractError::NotRegistered`], [`ContractError::Suspended`]; what `billing` refuses.
pub fn accept(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    number: u64,
    round: u32,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    let (mut task, account) = find(&work, env, info, number)?;
    if round > task.round {
        return Err(wrong_round(number, round, &task));
    }
    let who = enrolment::TYPE_2;
    enrolment::require(work.storage, deps.querier, &work.config, &account, who)?;
    billing::require_solvent(deps.querier, &work.config, &account)?;
    promise(&mut work, &task)?;
    task.state = task_state::ACCEPTED;
    TASKS.save(work.storage, number, &task);
    let sums = SumsRecord {
        accepted: 1,
        energy: task.energy.unsigned_abs(),
        ..SumsRecord::default()
    };
    work.count((task.programme, task.interval), task.account, &sums)?;
    work.answer(&task, true)?;
    let row = billing::commitment(&account, task.interval, task.energy, task.price);
    let message = billing::record(&work.config, vec![row])?;
    let response = done("task_accepted", number, &account, &task)
        .add_attribute("committed", task.worst().to_string())
        .add_message(message);
    Ok(work.finish(response))
}

/// Declines: what the task has reserved is free again. It may be raised.
///
/// # Errors
/// [`ContractError::Missing`], [`ContractError::Unauthorized`], [`ContractError::WrongState`],
/// [`ContractError::TooLate`], [`ContractError::WrongRound`].
pub fn decline(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    number: u64,
    round: u32,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    let (mut task, account) = find(&work, env, info, number)?;
    if round != task.round {
        return Err(wrong_round(number, round, &task));
    }
    release(&mut work, number, &task)?;
    task.state = task_state::DECLINED;
    TASKS.save(work.storage, number, &task);
    let sums = SumsRecord {
        declined: 1,
        ..SumsRecord::default()
    };
    work.count((task.programme, task.interval), task.account, &sums)?;
    let response = done("task_declined", number, &account, &task)
        .add_attribute("released", task.worst().to_string());
    Ok(work.finish(response))
}

/// A task that waits for the sender's answer.
fn find(
    work: &Work,
    env: &Env,
    info: &MessageInfo,
    number: u64,
) -> Result<(TaskRecord, Addr), ContractError> {
    let task = load(work.storage, number)?;
    let account = account_of(work.storage, &task)?;
    if account != info.sender {
        return Err(Unauthorized::of(&info.sender, account).into());
    }
    if task.state != task_state::OPEN {
        return Err(wrong_state(number, &task, "open"));
    }
    check_window("the task", env.block.time.seconds(), 0, task.until)?;
    Ok((task, account))
}

fn wrong_round(number: u64, round: u32, task: &TaskRecord) -> ContractError {
    ContractError::WrongRound {
        task: number,
        round,
        expected: task.round,
    }
}

fn done(action: &str, number: u64, account: &Addr, task: &TaskRecord) -> Response {
    Response::new()
        .add_attribute(ACTION, action)
        .add_attribute("task", number.to_string())
        .add_attribute("account", account)
        .add_attribute("round", task.round.to_string())
}
