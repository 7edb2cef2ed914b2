//! Lines: opened, settled, and settled again when their energy changes. The only place where
//! settlement becomes money.

use cosmwasm_std::Storage;
use gridweave_rules::settlement::{Settlement, book, settle};
use gridweave_units::{Energy, Interval, Money};

use crate::error::{ContractError, overflow};
use crate::events;
use crate::state::{Config, Line, LineKey, Sums, origin};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Counts a new line; the caller stores it.
///
/// # Errors
/// Only those of storage.
pub fn open_line(work: &mut Work, key: LineKey) -> Result<Line, ContractError> {
    let (interval, id) = key;
    let totals = work.interval(interval)?;
    totals.lines = totals.lines.saturating_add(1);
    totals.open = totals.open.saturating_add(1);
    let period = work.config.period_of(interval);
    let statement = work.statement((period, id))?;
    let first = statement.lines == 0;
    statement.lines = statement.lines.saturating_add(1);
    statement.open = statement.open.saturating_add(1);
    if first {
        let totals = work.period(period)?;
        totals.statements = totals.statements.saturating_add(1);
        let account = work.account(id)?;
        account.open_statements = account.open_statements.saturating_add(1);
    }
    Ok(Line::default())
}

/// What a line is worth with the energy it has.
///
/// # Errors
/// [`ContractError::Settlement`].
pub fn value_of(
    storage: &dyn Storage,
    config: &Config,
    tariffs: &mut Tariffs,
    interval: u32,
    line: &Line,
) -> Result<Settlement, ContractError> {
    let tariff = tariffs.get(storage, interval)?;
    let reference = tariff.price(Interval(interval), config.reference())?;
    let metered = Energy(line.metered);
    Ok(settle(
        &line.position(),
        metered,
        reference,
        tariff.imbalance,
    )?)
}

/// Settles a line that has its energy, for the first time.
///
/// # Errors
/// [`ContractError::Settlement`].
pub fn settle_line(
    work: &mut Work,
    tariffs: &mut Tariffs,
    key: LineKey,
    line: &mut Line,
) -> Result<(), ContractError> {
    let settlement = value_of(work.storage, &work.config, tariffs, key.0, line)?;
    line.settled = true;
    announce(work, "line_settled", key, line, &settlement)?;
    let after = Sums::of(line.metered, &settlement);
    move_money(work, key, &Sums::default(), &after)?;
    let estimated = u32::from(line.origin == origin::ESTIMATE);
    let period = work.config.period_of(key.0);
    let totals = work.interval(key.0)?;
    totals.open = totals.open.saturating_sub(1);
    totals.estimated = totals.estimated.saturating_add(estimated);
    let statement = work.statement((period, key.1))?;
    statement.open = statement.open.saturating_sub(1);
    statement.estimated = statement.estimated.saturating_add(estimated);
    statement.peak = statement.peak.max(draw(line.metered));
    Ok(())
}

/// Replaces the energy of a settled line and books the difference at the same prices.
///
/// # Errors
/// [`ContractError::Settlement`].
pub fn adjust_line(
    work: &mut Work,
    tariffs: &mut Tariffs,
    key: LineKey,
    line: &mut Line,
    change: impl FnOnce(&mut Line),
) -> Result<(), ContractError> {
    let old = value_of(work.storage, &work.config, tariffs, key.0, line)?;
    let (before, was) = (Sums::of(line.metered, &old), line.clone());
    change(line);
    let settlement = value_of(work.storage, &work.config, tariffs, key.0, line)?;
    announce(work, "line_adjusted", key, line, &settlement)?;
    let after = Sums::of(line.metered, &settlement);
    move_money(work, key, &before, &after)?;
    let estimate_gone = u32::from(was.origin == origin::ESTIMATE && line.origin != was.origin);
    let period = work.config.period_of(key.0);
    let totals = work.interval(key.0)?;
    totals.estimated = totals.estimated.saturating_sub(estimate_gone);
    let statement = work.statement((period, key.1))?;
    statement.estimated = statement.estimated.saturating_sub(estimate_gone);
    statement.adjusted = statement.adjusted.saturating_add(1);
    let (old_draw, new_draw) = (draw(was.metered), draw(line.metered));
    statement.stale |= old_draw == statement.peak && new_draw < old_draw;
    statement.peak = statement.peak.max(new_draw);
    Ok(())
}

/// Energy drawn (Wh).
pub fn draw(metered: i64) -> u64 {
    if metered < 0 {
        metered.unsigned_abs()
    } else {
        0
    }
}

/// Books what has changed between two states of a line: for the account, against the grid account.
fn move_money(
    work: &mut Work,
    key: LineKey,
    before: &Sums,
    after: &Sums,
) -> Result<(), ContractError> {
    let (interval, id) = key;
    let change = Sums::default().replaced(before, after);
    let change = change.ok_or(overflow("settled change"))?;
    let amount = change.amount().ok_or(overflow("settled change"))?;
    work.money(id, |purse, pool, required| {
        book(purse, pool, Money(amount), Money(change.dust), required)
    })?;
    let period = work.config.period_of(interval);
    let totals = &mut work.interval(interval)?.sums;
    *totals = (totals.replaced(before, after)).ok_or(overflow("interval totals"))?;
    let totals = &mut work.statement((period, id))?.sums;
    *totals = (totals.replaced(before, after)).ok_or(overflow("statement totals"))?;
    Ok(())
}

fn announce(
    work: &mut Work,
    name: &str,
    key: LineKey,
    line: &Line,
    settlement: &Settlement,
) -> Result<(), ContractError> {
    let address = work.address(key.1)?;
    let event = events::line(name, key.0, &address, line, settlement)?;
    work.announce(event);
    Ok(())
}
