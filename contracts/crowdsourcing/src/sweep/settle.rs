//! An accepted task whose interval is final: paid for what was delivered.

use cosmwasm_std::{QuerierWrapper, WasmMsg};
use gridweave_rules::crowdsourcing::{delivered, payment};

use crate::billing;
use crate::error::{ContractError, overflow};
use crate::events;
use crate::state::{Money, SumsRecord, TASKS, TaskRecord, UNFINISHED, task_state};
use crate::task::account_of;
use crate::work::{Place, Work};

/// Settles a task against its account's line and makes the payment, if there is one. `None` while the
/// line is not settled, which anybody can change.
///
/// # Errors
/// When `billing` does not answer; else only by a defect.
pub fn settle(
    work: &mut Work,
    querier: QuerierWrapper,
    number: u64,
    mut task: TaskRecord,
) -> Result<Option<Option<WasmMsg>>, ContractError> {
    let account = account_of(work.storage, &task)?;
    let line = billing::line(querier, &work.config, &account, task.interval)?;
    let energies = match &line {
        Some(line) if !line.state.settled => return Ok(None),
        Some(line) => {
            let metered = line.metered.unwrap_or_default().i64();
            (line.energy.i64(), metered)
        }
        // A task without a line was never a commitment. It must end all the same.
        None => (task.energy, 0),
    };
    task.delivered = delivered(task.energy, energies.0, energies.1);
    task.paid = payment(task.incentive, task.delivered);
    task.state = task_state::SETTLED;
    TASKS.save(work.storage, number, &task);
    UNFINISHED.remove(work.storage, (task.interval, number));
    pay(work, &task)?;
    work.announce(events::task_settled(number, &account, &task, energies));
    match task.paid {
        0 => Ok(Some(None)),
        paid => Ok(Some(Some(billing::credit(&work.config, &account, paid)?))),
    }
}

fn pay(work: &mut Work, task: &TaskRecord) -> Result<(), ContractError> {
    let (worst, paid) = (task.worst(), task.paid);
    work.money(Place::from(task), |money| {
        Some(Money {
            committed: money.committed.checked_sub(worst)?,
            paid: money.paid.checked_add(paid)?,
            ..money.clone()
        })
    })?;
    let whole = work.status.paid.checked_add(paid);
    work.status.paid = whole.ok_or(overflow("paid"))?;
    let rest = work.status.escrow.checked_sub(paid);
    work.status.escrow = rest.ok_or(overflow("escrow"))?;
    let place = (task.programme, task.interval);
    work.open_task(place, false)?;
    let sums = SumsRecord {
        delivered: task.delivered,
        paid,
        ..SumsRecord::default()
    };
    work.count(place, task.account, &sums)
}
