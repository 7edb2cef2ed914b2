//! A task that nobody has answered in time.

use crate::error::ContractError;
use crate::events;
use crate::state::{SumsRecord, TASKS, TaskRecord, task_state};
use crate::task::{account_of, release};
use crate::work::Work;

/// Ends an open task whose time is over.
///
/// # Errors
/// Only by a defect.
pub fn expire(work: &mut Work, number: u64, mut task: TaskRecord) -> Result<(), ContractError> {
    let account = account_of(work.storage, &task)?;
    work.announce(events::task_expired(number, &account, &task));
    release(work, number, &task)?;
    task.state = task_state::EXPIRED;
    TASKS.save(work.storage, number, &task);
    let sums = SumsRecord {
        expired: 1,
        ..SumsRecord::default()
    };
    work.count((task.programme, task.interval), task.account, &sums)
}
