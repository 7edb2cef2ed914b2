//! `Reconcile`: statements become final, page by page, and the demand charge is booked.

use cosmwasm_std::{DepsMut, Env, Response, Storage};
use gridweave_rules::settlement::{Demand, book};
use gridweave_types::billing::{MAX_PAGE, MAX_PERIOD};
use gridweave_types::event::ACTION;
use gridweave_units::{Energy, Interval};

use super::bounds;
use crate::account::page_start;
use crate::booking::draw;
use crate::error::{ContractError, overflow};
use crate::events;
use crate::state::{AccountId, LINES, STATEMENTS, Statement};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Makes up to `limit` statements of an open period final. Those with unsettled lines stay for
/// later; those that are final are passed over.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::PeriodState`],
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn reconcile(
    deps: DepsMut,
    env: Env,
    period: u32,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let start = page_start(deps.api, deps.storage, start_after.as_deref())?;
    let mut work = Work::begin(deps.storage, &env)?;
    let (first, last) = bounds(&work.config, period)?;
    if !work.period(period)?.open {
        return Err(ContractError::PeriodState {
            period,
            problem: "has not been opened",
        });
    }
    let limit = limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE) as usize;
    let page = STATEMENTS.seconds(work.storage, period, start, limit)?;
    let mut tally = Tally::default();
    for &id in &page {
        tally.looked += 1;
        tally.last = Some(id);
        reconcile_one(&mut work, period, (first, last), id, &mut tally)?;
        // A peak that must be found again reads a whole period of lines.
        if tally.read >= MAX_PERIOD {
            break;
        }
    }
    let record = work.period(period)?;
    record.reconciled = record.reconciled.saturating_add(tally.done);
    let left = record.statements.saturating_sub(record.reconciled);
    let mut response = Response::new()
        .add_attribute(ACTION, "period_reconciled")
        .add_attribute("period", period.to_string())
        .add_attribute("reconciled", tally.done.to_string())
        .add_attribute("held", tally.held.to_string())
        .add_attribute("left", left.to_string());
    let more = tally.looked < page.len() || page.len() == limit;
    if let Some(last) = tally.last.filter(|_| more) {
        response = response.add_attribute("next", work.address(last)?);
    }
    Ok(work.finish(response))
}

/// What a page has come to.
#[derive(Default)]
struct Tally {
    looked: usize,
    last: Option<AccountId>,
    done: u32,
    held: u32,
    /// Lines read to find peaks again.
    read: u32,
}

fn reconcile_one(
    work: &mut Work,
    period: u32,
    bounds: (Interval, Interval),
    id: AccountId,
    tally: &mut Tally,
) -> Result<(), ContractError> {
    let statement = work.statement((period, id))?.clone();
    if statement.reconciled {
        return Ok(());
    }
    if statement.open > 0 {
        tally.held += 1;
        return Ok(());
    }
    let mut peak = statement.peak;
    if statement.stale {
        peak = find_peak(work.storage, bounds, id)?;
        tally.read += bounds.1.0 - bounds.0.0 + 1;
    }
    let mut tariffs = Tariffs::default();
    let tariff = tariffs.get(work.storage, bounds.0.0)?;
    let drawn = i64::try_from(peak).map_err(|_| overflow("peak"))?;
    let charge = tariff.demand(Energy(drawn))?;
    let account = work.account(id)?;
    account.open_statements = account.open_statements.saturating_sub(1);
    let finished = finished(statement, peak, &charge)?;
    let total = total(&finished).ok_or(overflow("statement"))?;
    let address = work.address(id)?;
    work.announce(events::statement(period, &address, &finished, total));
    *work.statement((period, id))? = finished;
    work.money(id, |purse, pool, required| {
        book(purse, pool, charge.amount, charge.dust, required)
    })?;
    tally.done += 1;
    Ok(())
}

fn finished(
    mut statement: Statement,
    peak: u64,
    charge: &Demand,
) -> Result<Statement, ContractError> {
    let dust = statement.sums.dust.checked_add(charge.dust.0);
    statement.sums.dust = dust.ok_or(overflow("dust"))?;
    statement.demand = charge.amount.0;
    statement.peak = peak;
    statement.stale = false;
    statement.reconciled = true;
    Ok(statement)
}

/// What the account gets in all (µ); `None` beyond the range.
pub fn total(statement: &Statement) -> Option<i128> {
    statement.sums.amount()?.checked_add(statement.demand)
}

/// Largest draw among an account's lines; at most [`MAX_PERIOD`] of them.
fn find_peak(
    storage: &dyn Storage,
    bounds: (Interval, Interval),
    id: AccountId,
) -> Result<u64, ContractError> {
    let mut peak = 0;
    for interval in bounds.0.0..=bounds.1.0 {
        if let Some(line) = LINES.may_load(storage, (interval, id))? {
            peak = peak.max(draw(line.metered));
        }
    }
    Ok(peak)
}
