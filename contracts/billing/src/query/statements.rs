//! Queries about periods and statements.

use cosmwasm_std::{Addr, Deps};
use gridweave_types::address::parse;
use gridweave_types::billing::{PeriodResponse, StatementResponse, StatementsResponse};
use gridweave_types::page::clamp_limit;

use crate::account::{find, page_start};
use crate::error::{ContractError, overflow};
use crate::period::{bounds, total};
use crate::state::{ADDRESSES, CONFIG, PERIODS, STATEMENTS, Statement};

/// Reconciliation of a period.
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn period(deps: Deps, period: u32) -> Result<PeriodResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let (first, last) = bounds(&config, period)?;
    let record = PERIODS.may_load(deps.storage, period)?.unwrap_or_default();
    Ok(PeriodResponse {
        first: first.0,
        last: last.0,
        opens_at: config.timeline().final_at(last).into(),
        open: record.open,
        statements: record.statements,
        reconciled: record.reconciled,
    })
}

/// An account's statement; all zero for a period without a line.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn one(deps: Deps, account: &str, period: u32) -> Result<StatementResponse, ContractError> {
    let address = parse(deps.api, "account", account)?;
    let key = (period, find(deps.storage, &address)?);
    let statement = STATEMENTS.may_load(deps.storage, key)?.unwrap_or_default();
    show(address, period, &statement)
}

/// One page of a period's statements.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn page(
    deps: Deps,
    period: u32,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<StatementsResponse, ContractError> {
    let start = page_start(deps.api, deps.storage, start_after)?;
    let numbers = STATEMENTS.seconds(deps.storage, period, start, clamp_limit(limit))?;
    let mut statements = Vec::with_capacity(numbers.len());
    for id in numbers {
        let address = ADDRESSES.load(deps.storage, id)?;
        let statement = STATEMENTS.may_load(deps.storage, (period, id))?;
        statements.push(show(address, period, &statement.unwrap_or_default())?);
    }
    Ok(StatementsResponse { statements })
}

fn show(
    account: Addr,
    period: u32,
    statement: &Statement,
) -> Result<StatementResponse, ContractError> {
    let total = total(statement).ok_or(overflow("statement"))?;
    let sums = &statement.sums;
    Ok(StatementResponse {
        account,
        period,
        lines: statement.lines,
        open: statement.open,
        estimated: statement.estimated,
        adjusted: statement.adjusted,
        scheduled: statement.scheduled.into(),
        metered: sums.metered.into(),
        peak: statement.peak.into(),
        committed: sums.committed.into(),
        imbalance: sums.imbalance.into(),
        penalty: sums.penalty.into(),
        demand: statement.demand.into(),
        total: total.into(),
        dust: sums.dust.into(),
        reconciled: statement.reconciled,
    })
}
