//! `RaiseTasks`, line 8 of algorithm 1.

use cosmwasm_std::{DepsMut, Env, MessageInfo, QuerierWrapper, Response};
use gridweave_types::crowdsourcing::{MAX_TASKS, RaiseInput};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::within;

use super::{account_of, load, open_until, reserve, reserve_more, wrong_state};
use crate::authority::require_operator;
use crate::clock;
use crate::enrolment;
use crate::error::{ContractError, check_window};
use crate::events;
use crate::preferences;
use crate::programme;
use crate::state::{TASKS, TaskRecord, task_state};
use crate::work::Work;

/// Raises incentives, all or none. A declined task opens again; an open one must still stand, since
/// one whose time is over can only expire. An unanswered round is no answer.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`], [`ContractError::Missing`],
/// [`ContractError::WrongState`], [`ContractError::TooLate`], [`ContractError::NotRaised`],
/// [`ContractError::RaisesSpent`], [`ContractError::NotEnrolled`],
/// [`ContractError::NotRegistered`], [`ContractError::OutsidePreferences`],
/// [`ContractError::OverBudget`].
pub fn raise(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    raises: &[RaiseInput],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    within("number of raises", raises.len(), 1, MAX_TASKS)?;
    for raise in raises {
        let (number, incentive) = (raise.task.u64(), raise.incentive.u64());
        raise_one(&mut work, deps.querier, env, number, incentive)?;
    }
    let response = Response::new()
        .add_attribute(ACTION, "tasks_raised")
        .add_attribute("tasks", raises.len().to_string());
    Ok(work.finish(response))
}

fn raise_one(
    work: &mut Work,
    querier: QuerierWrapper,
    env: &Env,
    number: u64,
    incentive: u64,
) -> Result<(), ContractError> {
    let before = load(work.storage, number)?;
    let terms = programme::load(work.storage, before.programme)?.terms;
    let now = env.block.time.seconds();
    let until = match before.state {
        task_state::OPEN => before.until,
        task_state::DECLINED => clock::begin(&work.config, before.interval),
        _ => return Err(wrong_state(number, &before, "open or declined")),
    };
    check_window("raises", now, 0, until)?;
    within("raises.incentive", incentive, 0, terms.cap.u64())?;
    if incentive <= before.incentive {
        let before = before.incentive;
        return Err(ContractError::NotRaised {
            task: number,
            incentive,
            before,
        });
    }
    if before.round >= terms.raises {
        let raises = before.round;
        return Err(ContractError::RaisesSpent {
            task: number,
            raises,
        });
    }
    let account = account_of(work.storage, &before)?;
    let who = enrolment::TYPE_2;
    enrolment::require(work.storage, querier, &work.config, &account, who)?;
    let task = TaskRecord {
        incentive,
        round: before.round.saturating_add(1),
        until: open_until(&work.config, before.interval, terms.task_seconds, now),
        state: task_state::OPEN,
        ..before.clone()
    };
    match before.state {
        task_state::OPEN => {
            let more = task.worst().saturating_sub(before.worst());
            reserve_more(work, &task, more)?;
        }
        _ => {
            let wanted = preferences::load(work.storage, task.programme, task.account, &account)?;
            let whose = (task.account, &account, task.interval);
            let energy = task.energy.unsigned_abs();
            preferences::take(work, &wanted, task.programme, whose, energy)?;
            reserve(work, number, &task)?;
        }
    }
    TASKS.save(work.storage, number, &task);
    work.announce(events::task("task_raised", number, &account, &task));
    Ok(())
}
