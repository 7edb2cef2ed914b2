//! `Reconcile`, line 12 of algorithm 1: statements become final, and their sum is compared with the
//! operator's budget account. Anyone may.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::crowdsourcing::{Ledger, MAX_PAGE};
use gridweave_types::event::ACTION;
use gridweave_types::page::DEFAULT_LIMIT;
use gridweave_types::parameter::within;

use crate::clock;
use crate::error::{ContractError, check_window, missing, overflow};
use crate::events;
use crate::programme;
use crate::state::{ENROLMENTS, LedgerRecord, PROGRAMMES, STATEMENTS, ledger_key};
use crate::work::Work;

/// Makes a page of statements final. The last page closes the account; that of a programme frees the
/// rest of its budget for the operator.
///
/// # Errors
/// [`ContractError::Missing`], [`ContractError::InvalidParameter`], [`ContractError::TooEarly`],
/// [`ContractError::Unfinished`], [`ContractError::WrongState`] when it is reconciled.
pub fn reconcile(
    deps: DepsMut,
    env: &Env,
    ledger: Ledger,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    within("limit", limit, 1, MAX_PAGE)?;
    let mut work = Work::begin(deps.storage)?;
    let opens = due(&work, ledger)?;
    check_window("reconciliation", env.block.time.seconds(), opens, u64::MAX)?;
    let mut record = work.ledger(ledger)?.clone();
    check(ledger, &record)?;
    let (key, start) = (ledger_key(ledger), Some(record.cursor));
    for id in STATEMENTS.seconds(work.storage, key, start, limit as usize)? {
        let statement = STATEMENTS.may_load(work.storage, (key, id))?;
        let sums = statement.unwrap_or_default().sums;
        record.checked = record.checked.plus(&sums)?;
        record.reconciled = record.reconciled.saturating_add(1);
        record.cursor = id;
        let account = ENROLMENTS.load(work.storage, id)?.account;
        work.announce(events::statement(&name(ledger), &account, &sums));
    }
    if record.reconciled >= record.statements {
        close(&mut work, ledger, &mut record)?;
    }
    let response = Response::new()
        .add_attribute(ACTION, "reconciled")
        .add_attribute("ledger", name(ledger))
        .add_attribute("reconciled", record.reconciled.to_string())
        .add_attribute("left", (record.statements - record.reconciled).to_string());
    *work.ledger(ledger)? = record;
    Ok(work.finish(response))
}

/// From when on a ledger may be reconciled (unix seconds).
fn due(work: &Work, ledger: Ledger) -> Result<u64, ContractError> {
    let terms = match ledger {
        Ledger::Programme { programme } => Some(programme::load(work.storage, programme)?.terms),
        _ => None,
    };
    let last = work.config.last_interval(ledger, terms.as_ref());
    Ok(clock::final_at(&work.config, last))
}

fn check(ledger: Ledger, record: &LedgerRecord) -> Result<(), ContractError> {
    if *record == LedgerRecord::default() && !matches!(ledger, Ledger::Programme { .. }) {
        return Err(missing("ledger", name(ledger)));
    }
    if record.complete {
        return Err(ContractError::WrongState {
            what: name(ledger),
            state: "reconciled",
            expected: "not yet",
        });
    }
    match record.open {
        0 => Ok(()),
        open => Err(ContractError::Unfinished { open }),
    }
}

fn close(work: &mut Work, ledger: Ledger, record: &mut LedgerRecord) -> Result<(), ContractError> {
    if record.checked != record.sums || record.sums.paid != record.money.paid {
        return Err(ContractError::Unbalanced {
            statements: format!("{:?}", record.checked),
            account: format!("{:?}, paid {}", record.sums, record.money.paid),
        });
    }
    record.unspent = record.money.free().ok_or(overflow("budget account"))?;
    record.complete = true;
    if let Ledger::Programme { programme } = ledger {
        let mut closed = programme::load(work.storage, programme)?;
        closed.closed = true;
        PROGRAMMES.save(work.storage, programme, &closed)?;
        let escrow = work.status.escrow.checked_sub(record.unspent);
        work.status.escrow = escrow.ok_or(overflow("escrow"))?;
        let unspent = work.status.unspent.checked_add(record.unspent);
        work.status.unspent = unspent.ok_or(overflow("unspent"))?;
    }
    work.announce(events::ledger_closed(
        &name(ledger),
        record.money.budget,
        record.unspent,
        &record.sums,
    ));
    Ok(())
}

/// A ledger in words, as events name it.
fn name(ledger: Ledger) -> String {
    match ledger {
        Ledger::Programme { programme } => format!("programme {programme}"),
        Ledger::Week { week } => format!("week {week}"),
        Ledger::Month { month } => format!("month {month}"),
    }
}
