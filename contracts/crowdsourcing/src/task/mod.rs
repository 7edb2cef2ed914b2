//! Tasks of Type 2, lines 4 to 9 of algorithm 1.
//!
//! A task's worst case is reserved in its budget as long as it may be accepted, and stays promised
//! from then until it is settled. So whatever the crowd answers, in whatever order, no budget is
//! exceeded.

mod answer;
mod offer;
mod raise;

use cosmwasm_std::{Addr, Empty, Storage};
use gridweave_types::crowdsourcing::ConfigResponse;

pub use answer::{accept, decline};
pub use offer::offer;
pub use raise::raise;

use crate::clock;
use crate::error::{ContractError, missing, overflow};
use crate::preferences;
use crate::state::{ENROLMENTS, Money, TASKS, TaskRecord, UNFINISHED, task_state};
use crate::work::{Place, Work};

/// A task.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn load(storage: &dyn Storage, number: u64) -> Result<TaskRecord, ContractError> {
    let found = TASKS.may_load(storage, number)?;
    found.ok_or_else(|| missing("task", number))
}

/// Address of a task's account.
///
/// # Errors
/// Only those of storage.
pub fn account_of(storage: &dyn Storage, task: &TaskRecord) -> Result<Addr, ContractError> {
    Ok(ENROLMENTS.load(storage, task.account)?.account)
}

/// Until when an offer made now stands (unix seconds).
fn open_until(config: &ConfigResponse, interval: u32, seconds: u32, now: u64) -> u64 {
    let until = now.saturating_add(seconds.into());
    until.min(clock::begin(config, interval))
}

/// Reserves the worst case of a task that opens.
fn reserve(work: &mut Work, number: u64, task: &TaskRecord) -> Result<(), ContractError> {
    UNFINISHED.save(work.storage, (task.interval, number), &Empty {})?;
    work.open_task((task.programme, task.interval), true)?;
    reserve_more(work, task, task.worst())
}

/// Reserves more for a task that is open.
fn reserve_more(work: &mut Work, task: &TaskRecord, more: u128) -> Result<(), ContractError> {
    work.money(Place::from(task), |money| {
        Some(Money {
            reserved: money.reserved.checked_add(more)?,
            ..money.clone()
        })
    })
}

/// Releases what an open task has reserved: money and energy. It was not accepted, which counts.
///
/// # Errors
/// Only by a defect.
pub fn release(work: &mut Work, number: u64, task: &TaskRecord) -> Result<(), ContractError> {
    let worst = task.worst();
    work.money(Place::from(task), |money| {
        Some(Money {
            reserved: money.reserved.checked_sub(worst)?,
            ..money.clone()
        })
    })?;
    preferences::give_back(
        work,
        task.programme,
        task.account,
        task.energy.unsigned_abs(),
    )?;
    UNFINISHED.remove(work.storage, (task.interval, number));
    work.open_task((task.programme, task.interval), false)?;
    work.answer(task, false)
}

/// Promises what an open task has reserved.
fn promise(work: &mut Work, task: &TaskRecord) -> Result<(), ContractError> {
    let worst = task.worst();
    let place = Place::from(task);
    work.money(place, |money| {
        Some(Money {
            reserved: money.reserved.checked_sub(worst)?,
            committed: money.committed.checked_add(worst)?,
            ..money.clone()
        })
    })?;
    let accepted = &mut work.budget(place)?.accepted;
    let sum = accepted.checked_add(task.energy);
    *accepted = sum.ok_or(overflow("accepted energy"))?;
    Ok(())
}

/// The error of a task that stands elsewhere.
fn wrong_state(number: u64, task: &TaskRecord, expected: &'static str) -> ContractError {
    ContractError::WrongState {
        what: format!("task {number}"),
        state: task_state::name(task.state),
        expected,
    }
}
