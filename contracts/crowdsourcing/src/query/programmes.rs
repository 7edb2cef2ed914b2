//! Queries about programmes, budgets and preferences.

use cosmwasm_std::{Deps, Env, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::crowdsourcing::{
    BudgetResponse, BudgetsResponse, Phase, PreferencePage, PreferencesResponse, ProgrammeResponse,
    ProgrammesResponse,
};
use gridweave_types::page::clamp_limit;

use super::{number, page_start};
use crate::error::{ContractError, check_interval, missing, overflow};
use crate::programme::load;
use crate::state::{
    AccountId, BUDGETS, BudgetKey, ENROLMENTS, PREFERENCES, PROGRAMMES, Programme, Submitted, USED,
};

/// One programme.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn one(deps: Deps, env: &Env, programme: u32) -> Result<ProgrammeResponse, ContractError> {
    Ok(show(env, programme, &load(deps.storage, programme)?))
}

/// One page.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    env: &Env,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<ProgrammesResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let rows = PROGRAMMES.range(deps.storage, start, None, Order::Ascending);
    let rows = rows.take(clamp_limit(limit));
    let programmes = rows.map(|row| row.map(|(number, found)| show(env, number, &found)));
    Ok(ProgrammesResponse {
        programmes: programmes.collect::<StdResult<_>>()?,
    })
}

fn show(env: &Env, number: u32, programme: &Programme) -> ProgrammeResponse {
    let now = env.block.time.seconds();
    let phase = match now < programme.terms.preferences_until.u64() {
        _ if programme.closed => Phase::Closed,
        true => Phase::Collecting,
        false => Phase::Running,
    };
    ProgrammeResponse {
        programme: number,
        terms: programme.terms,
        phase,
        participants: programme.participants,
    }
}

/// Budget of a programme, feeder and interval; all zero for a feeder without one.
///
/// # Errors
/// [`ContractError::Missing`] programmes, [`ContractError::OutsideTerm`].
pub fn budget(deps: Deps, key: BudgetKey) -> Result<BudgetResponse, ContractError> {
    let (programme, _, interval) = key;
    let terms = load(deps.storage, programme)?.terms;
    check_interval(interval, terms.first, terms.last())?;
    show_budget(deps, key)
}

/// One page of a feeder's budgets.
///
/// # Errors
/// [`ContractError::Missing`] programmes.
pub fn budgets(
    deps: Deps,
    (programme, feeder): (u32, u32),
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<BudgetsResponse, ContractError> {
    let terms = load(deps.storage, programme)?.terms;
    let next = start_after.map_or(0, |after| after.saturating_add(1));
    let intervals = terms.first.max(next)..=terms.last();
    let intervals = intervals.take(clamp_limit(limit));
    let budgets = intervals.map(|interval| show_budget(deps, (programme, feeder, interval)));
    Ok(BudgetsResponse {
        budgets: budgets.collect::<Result<_, _>>()?,
    })
}

fn show_budget(deps: Deps, key: BudgetKey) -> Result<BudgetResponse, ContractError> {
    let (_, feeder, interval) = key;
    let record = BUDGETS.may_load(deps.storage, key)?.unwrap_or_default();
    let money = record.money;
    Ok(BudgetResponse {
        feeder,
        interval,
        free: money.free().ok_or(overflow("budget"))?.into(),
        budget: money.budget.into(),
        reserved: money.reserved.into(),
        committed: money.committed.into(),
        paid: money.paid.into(),
        accepted: record.accepted.into(),
        supplemented: record.supplemented.into(),
    })
}

/// Preferences of one account.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn preferences(
    deps: Deps,
    programme: u32,
    account: &str,
) -> Result<PreferencesResponse, ContractError> {
    let id = number(deps.api, deps.storage, "account", account)?;
    let found = PREFERENCES.may_load(deps.storage, (programme, id))?;
    let name = || format!("of {account} in programme {programme}");
    let found = found.ok_or_else(|| missing("preferences", name()))?;
    show_preferences(deps, programme, id, found)
}

/// One page of a programme's preferences.
///
/// # Errors
/// Malformed or unknown `start_after`.
pub fn all_preferences(
    deps: Deps,
    programme: u32,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<PreferencePage, ContractError> {
    let start = page_start(deps, start_after)?.map(Bound::exclusive);
    let rows = PREFERENCES.prefix(programme);
    let rows = rows.range(deps.storage, start, None, Order::Ascending);
    let rows = rows.take(clamp_limit(limit));
    let preferences = rows.map(|row| {
        let (id, found) = row?;
        show_preferences(deps, programme, id, found)
    });
    Ok(PreferencePage {
        preferences: preferences.collect::<Result<_, _>>()?,
    })
}

fn show_preferences(
    deps: Deps,
    programme: u32,
    id: AccountId,
    found: Submitted,
) -> Result<PreferencesResponse, ContractError> {
    let used = USED.may_load(deps.storage, (programme, id))?;
    Ok(PreferencesResponse {
        account: ENROLMENTS.load(deps.storage, id)?.account,
        preferences: found.preferences,
        amended: found.amended,
        used: used.unwrap_or_default().into(),
    })
}
