//! Queries about budget accounts and statements.

use cosmwasm_std::Deps;
use gridweave_types::crowdsourcing::{
    Ledger, LedgerResponse, StatementResponse, StatementsResponse,
};
use gridweave_types::page::clamp_limit;

use super::{number, page_start};
use crate::clock;
use crate::error::{ContractError, missing, overflow};
use crate::programme;
use crate::state::{AccountId, CONFIG, ENROLMENTS, LEDGERS, STATEMENTS, ledger_key};

/// A budget account.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn one(deps: Deps, ledger: Ledger) -> Result<LedgerResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = match ledger {
        Ledger::Programme { programme } => Some(programme::load(deps.storage, programme)?.terms),
        _ => None,
    };
    let last = config.last_interval(ledger, terms.as_ref());
    let record = LEDGERS.may_load(deps.storage, ledger_key(ledger))?;
    let record = record.unwrap_or_default();
    let rest = record.money.free().ok_or(overflow("budget account"))?;
    let free = if record.complete { 0 } else { rest };
    Ok(LedgerResponse {
        ledger,
        budget: record.money.budget.into(),
        reserved: record.money.reserved.into(),
        committed: record.money.committed.into(),
        free: free.into(),
        unspent: record.unspent.into(),
        open: record.open,
        totals: record.sums.show(),
        statements: record.statements,
        reconciled: record.reconciled,
        due: clock::final_at(&config, last).into(),
        complete: record.complete,
    })
}

/// One statement.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn statement(
    deps: Deps,
    account: &str,
    ledger: Ledger,
) -> Result<StatementResponse, ContractError> {
    let id = number(deps.api, deps.storage, "account", account)?;
    show(deps, ledger, id)
}

/// One page of a ledger's statements.
///
/// # Errors
/// Malformed or unknown `start_after`.
pub fn statements(
    deps: Deps,
    ledger: Ledger,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<StatementsResponse, ContractError> {
    let (key, start) = (ledger_key(ledger), page_start(deps, start_after)?);
    let ids = STATEMENTS.seconds(deps.storage, key, start, clamp_limit(limit))?;
    let statements = ids.into_iter().map(|id| show(deps, ledger, id));
    Ok(StatementsResponse {
        statements: statements.collect::<Result<_, _>>()?,
    })
}

fn show(deps: Deps, ledger: Ledger, id: AccountId) -> Result<StatementResponse, ContractError> {
    let account = ENROLMENTS.load(deps.storage, id)?.account;
    let key = ledger_key(ledger);
    let found = STATEMENTS.may_load(deps.storage, (key, id))?;
    let found = found.ok_or_else(|| missing("statement", &account))?;
    let record = LEDGERS.may_load(deps.storage, key)?.unwrap_or_default();
    Ok(StatementResponse {
        account,
        ledger,
        totals: found.sums.show(),
        complete: record.complete || record.cursor >= id,
    })
}
