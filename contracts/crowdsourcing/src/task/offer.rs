//! `OfferTasks`, line 4 of algorithm 1.

use cosmwasm_std::{Addr, DepsMut, Empty, Env, MessageInfo, QuerierWrapper, Response};
use gridweave_types::address::parse;
use gridweave_types::crowdsourcing::{ConfigResponse, MAX_TASKS, TaskInput, Terms};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{invalid, within};

use super::{open_until, reserve};
use crate::authority::require_operator;
use crate::enrolment::{self, Member};
use crate::error::{ContractError, overflow};
use crate::events;
use crate::preferences;
use crate::programme::{check_running, load};
use crate::state::{ACCOUNT_TASKS, PROGRAMME_TASKS, SumsRecord, TASKS, TaskRecord, task_state};
use crate::work::Work;

/// Offers tasks, all or none.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::Missing`] programmes or preferences,
/// [`ContractError::InvalidParameter`], [`ContractError::NotEnrolled`],
/// [`ContractError::NotRegistered`], [`ContractError::OutsideTerm`], [`ContractError::TooEarly`],
/// [`ContractError::TooLate`], [`ContractError::TaskExists`],
/// [`ContractError::OutsidePreferences`], [`ContractError::OverBudget`].
pub fn offer(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    programme: u32,
    tasks: &[TaskInput],
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    within("number of tasks", tasks.len(), 1, MAX_TASKS)?;
    let terms = load(work.storage, programme)?.terms;
    for input in tasks {
        check(&work.config, &terms, input)?;
        check_running(&work.config, &terms, input.interval, env, "tasks")?;
        let account = parse(deps.api, "tasks.account", &input.account)?;
        let member = find(&work, deps.querier, &account)?;
        offer_one(&mut work, env, (programme, &terms), &member, input)?;
    }
    let response = Response::new()
        .add_attribute(ACTION, "tasks_offered")
        .add_attribute("programme", programme.to_string())
        .add_attribute("tasks", tasks.len().to_string());
    Ok(work.finish(response))
}

fn find(work: &Work, querier: QuerierWrapper, account: &Addr) -> Result<Member, ContractError> {
    enrolment::require(
        work.storage,
        querier,
        &work.config,
        account,
        enrolment::TYPE_2,
    )
}

fn offer_one(
    work: &mut Work,
    env: &Env,
    (programme, terms): (u32, &Terms),
    member: &Member,
    input: &TaskInput,
) -> Result<(), ContractError> {
    let interval = input.interval;
    let key = (member.id, interval);
    if let Some(task) = ACCOUNT_TASKS.may_load(work.storage, key)? {
        return Err(ContractError::TaskExists {
            account: member.account.clone(),
            interval,
            task,
        });
    }
    let now = env.block.time.seconds();
    let task = TaskRecord {
        programme,
        account: member.id,
        feeder: member.feeder,
        interval,
        energy: input.energy.i64(),
        price: input.price.i64(),
        incentive: input.incentive.u64(),
        until: open_until(&work.config, interval, terms.task_seconds, now),
        state: task_state::OPEN,
        ..TaskRecord::default()
    };
    check_preferences(work, member, &task)?;
    let next = work.status.tasks.checked_add(1);
    let number = next.ok_or(overflow("tasks"))?;
    work.status.tasks = number;
    TASKS.save(work.storage, number, &task);
    ACCOUNT_TASKS.save(work.storage, key, &number)?;
    PROGRAMME_TASKS.save(work.storage, (programme, number), &Empty {})?;
    reserve(work, number, &task)?;
    let sums = SumsRecord {
        offered: 1,
        ..SumsRecord::default()
    };
    work.count((programme, interval), member.id, &sums)?;
    work.announce(events::task("task_offered", number, &member.account, &task));
    Ok(())
}

fn check_preferences(
    work: &mut Work,
    member: &Member,
    task: &TaskRecord,
) -> Result<(), ContractError> {
    let (account, interval) = (&member.account, task.interval);
    let wanted = preferences::load(work.storage, task.programme, member.id, account)?;
    preferences::check_energy(&wanted, account, interval, task.energy)?;
    let whose = (account, interval);
    preferences::check_price(&wanted, whose, task.energy, task.price, task.incentive)?;
    let whose = (member.id, account, interval);
    let energy = task.energy.unsigned_abs();
    preferences::take(work, &wanted, task.programme, whose, energy)
}

fn check(config: &ConfigResponse, terms: &Terms, input: &TaskInput) -> Result<(), ContractError> {
    let energy = input.energy.i64().unsigned_abs();
    within("tasks.energy", energy, 1, config.limits.energy.u64())?;
    within("tasks.incentive", input.incentive.u64(), 0, terms.cap.u64())?;
    let (price, most) = (input.price.i64(), config.limits.price.u64());
    if price.unsigned_abs() > most {
        let expected = format!("at most {most} either way");
        return Err(invalid("tasks.price", &price, expected));
    }
    Ok(())
}
