//! Queries about tasks.

use cosmwasm_std::{Deps, Order, StdResult, Uint64};
use cw_storage_plus::Bound;
use gridweave_types::crowdsourcing::{TaskResponse, TaskState, TasksResponse};
use gridweave_types::page::clamp_limit;

use super::number;
use crate::error::ContractError;
use crate::state::{ACCOUNT_TASKS, PROGRAMME_TASKS, TaskRecord, UNFINISHED, task_state};
use crate::task::{account_of, load};

/// One task.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn one(deps: Deps, task: u64) -> Result<TaskResponse, ContractError> {
    let record = load(deps.storage, task)?;
    Ok(TaskResponse {
        task,
        programme: record.programme,
        account: account_of(deps.storage, &record)?,
        feeder: record.feeder,
        interval: record.interval,
        energy: record.energy.into(),
        price: record.price.into(),
        incentive: record.incentive.into(),
        round: record.round,
        until: record.until.into(),
        state: state(&record),
        delivered: record.delivered.into(),
        paid: record.paid.into(),
    })
}

/// One page of a programme's tasks.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    programme: u32,
    wanted: Option<TaskState>,
    start_after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<TasksResponse, ContractError> {
    let start = start_after.map(|after| Bound::exclusive(after.u64()));
    let keys = PROGRAMME_TASKS.prefix(programme);
    let keys = keys.keys(deps.storage, start, None, Order::Ascending);
    let mut page = show(deps, keys.take(clamp_limit(limit)))?;
    if let Some(wanted) = wanted {
        page.tasks.retain(|task| task.state == wanted);
    }
    Ok(page)
}

/// One page of an account's tasks by interval.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn of_account(
    deps: Deps,
    account: &str,
    from: u32,
    limit: Option<u32>,
) -> Result<TasksResponse, ContractError> {
    let id = number(deps.api, deps.storage, "account", account)?;
    let start = Some(Bound::inclusive(from));
    let rows = ACCOUNT_TASKS.prefix(id);
    let rows = rows.range(deps.storage, start, None, Order::Ascending);
    let numbers = rows.map(|row| row.map(|(_, number)| number));
    show(deps, numbers.take(clamp_limit(limit)))
}

/// One page of an interval's unfinished tasks.
///
/// # Errors
/// Only those of storage.
pub fn unfinished(
    deps: Deps,
    interval: u32,
    start_after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<TasksResponse, ContractError> {
    let start = start_after.map(|after| Bound::exclusive(after.u64()));
    let keys = UNFINISHED.prefix(interval);
    let keys = keys.keys(deps.storage, start, None, Order::Ascending);
    show(deps, keys.take(clamp_limit(limit)))
}

fn show(
    deps: Deps,
    numbers: impl Iterator<Item = StdResult<u64>>,
) -> Result<TasksResponse, ContractError> {
    let tasks = numbers.map(|number| one(deps, number?));
    Ok(TasksResponse {
        tasks: tasks.collect::<Result<_, _>>()?,
    })
}

const fn state(record: &TaskRecord) -> TaskState {
    match record.state {
        task_state::OPEN => TaskState::Open,
        task_state::DECLINED => TaskState::Declined,
        task_state::ACCEPTED => TaskState::Accepted,
        task_state::EXPIRED => TaskState::Expired,
        _ => TaskState::Settled,
    }
}
