//! Queries.

mod agreements;
mod enrolments;
mod ledgers;
mod programmes;
mod tasks;

use cosmwasm_std::{Api, Binary, Deps, Env, StdResult, Storage, to_json_binary};
use gridweave_types::address::parse;
use gridweave_types::crowdsourcing::{BooksResponse, QueryMsg};

use crate::error::{ContractError, missing};
use crate::state::{AccountId, CONFIG, NUMBERS, Status};

/// Dispatches a query.
///
/// # Errors
/// Unknown accounts, programmes, agreements, tasks and statements; malformed addresses.
pub fn query(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Books {} => to_json_binary(&books(deps.storage)?),
        QueryMsg::Enrolment { account } => to_json_binary(&enrolments::one(deps, &account)?),
        QueryMsg::Enrolments { start_after, limit } => {
            to_json_binary(&enrolments::page(deps, start_after.as_deref(), limit)?)
        }
        QueryMsg::Willingness { account } => {
            to_json_binary(&enrolments::willingness(deps, &account)?)
        }
        QueryMsg::Programme { programme } => {
            to_json_binary(&programmes::one(deps, env, programme)?)
        }
        QueryMsg::Programmes { start_after, limit } => {
            to_json_binary(&programmes::page(deps, env, start_after, limit)?)
        }
        QueryMsg::Budget {
            programme,
            feeder,
            interval,
        } => to_json_binary(&programmes::budget(deps, (programme, feeder, interval))?),
        QueryMsg::Budgets {
            programme,
            feeder,
            start_after,
            limit,
        } => to_json_binary(&programmes::budgets(
            deps,
            (programme, feeder),
            start_after,
            limit,
        )?),
        QueryMsg::Preferences { programme, account } => {
            to_json_binary(&programmes::preferences(deps, programme, &account)?)
        }
        QueryMsg::AllPreferences {
            programme,
            start_after,
            limit,
        } => {
            let start = start_after.as_deref();
            to_json_binary(&programmes::all_preferences(deps, programme, start, limit)?)
        }
        msg => return dated(deps, env, msg),
    }?)
}

/// Queries about agreements, tasks and ledgers.
fn dated(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Agreement { agreement } => {
            to_json_binary(&agreements::one(deps, env, agreement.u64())?)
        }
        QueryMsg::Agreements { start_after, limit } => {
            to_json_binary(&agreements::page(deps, env, start_after, limit)?)
        }
        QueryMsg::AccountAgreements {
            account,
            start_after,
            limit,
        } => to_json_binary(&agreements::of_account(
            deps,
            env,
            &account,
            start_after,
            limit,
        )?),
        QueryMsg::Booking { account, interval } => {
            to_json_binary(&agreements::booking(deps, &account, interval)?)
        }
        QueryMsg::Task { task } => to_json_binary(&tasks::one(deps, task.u64())?),
        QueryMsg::Tasks {
            programme,
            state,
            start_after,
            limit,
        } => to_json_binary(&tasks::page(deps, programme, state, start_after, limit)?),
        QueryMsg::AccountTasks {
            account,
            from,
            limit,
        } => to_json_binary(&tasks::of_account(deps, &account, from, limit)?),
        QueryMsg::UnfinishedTasks {
            interval,
            start_after,
            limit,
        } => to_json_binary(&tasks::unfinished(deps, interval, start_after, limit)?),
        QueryMsg::Ledger { ledger } => to_json_binary(&ledgers::one(deps, ledger)?),
        QueryMsg::Statement { account, ledger } => {
            to_json_binary(&ledgers::statement(deps, &account, ledger)?)
        }
        QueryMsg::Statements {
            ledger,
            start_after,
            limit,
        } => to_json_binary(&ledgers::statements(
            deps,
            ledger,
            start_after.as_deref(),
            limit,
        )?),
        other => return Err(missing("query", format!("{other:?}"))),
    }?)
}

fn books(storage: &dyn Storage) -> StdResult<BooksResponse> {
    let status = Status::load(storage)?;
    Ok(BooksResponse {
        deposited: status.deposited.into(),
        paid: status.paid.into(),
        withdrawn: status.withdrawn.into(),
        escrow: status.escrow.into(),
        unspent: status.unspent.into(),
    })
}

/// Number of an account that has asked to take part.
fn number(
    api: &dyn Api,
    storage: &dyn Storage,
    field: &'static str,
    account: &str,
) -> Result<AccountId, ContractError> {
    let address = parse(api, field, account)?;
    let found = NUMBERS.may_load(storage, &address)?;
    found.ok_or_else(|| missing("enrolment", address))
}

/// Last account of the previous page, as its number.
fn page_start(deps: Deps, start_after: Option<&str>) -> Result<Option<AccountId>, ContractError> {
    start_after
        .map(|account| number(deps.api, deps.storage, "start_after", account))
        .transpose()
}
