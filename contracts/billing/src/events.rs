//! Events beside the response's own attributes; `gridweave_types::event` lists them all.

use cosmwasm_std::{Addr, Binary, Event};
use gridweave_rules::settlement::{Settlement, SettlementError};
use gridweave_types::packed::Packed;

use crate::error::CommitmentFault;
use crate::state::{IntervalTotals, Line, Statement};

/// Who hands over commitments, and from where.
pub struct Handover<'a> {
    /// The schedule contract.
    pub source: &'a Addr,
    /// Its session, if it has sessions.
    pub session: Option<u64>,
    /// Whether the energy has been paid elsewhere.
    pub paid: bool,
}

impl Handover<'_> {
    fn event(&self, name: &str, account: &Addr) -> Event {
        let event = Event::new(name)
            .add_attribute("account", account)
            .add_attribute("source", self.source)
            .add_attribute("paid", self.paid.to_string());
        match self.session {
            Some(session) => event.add_attribute("session", session.to_string()),
            None => event,
        }
    }

    /// Commitments of one account: interval, energy (Wh) and price (µ/kWh, before the tariff).
    pub fn recorded(&self, account: &Addr, rows: &[(u32, i64, i64)]) -> Event {
        self.event("commitments_recorded", account)
            .add_attribute("intervals", packed(rows.iter().map(|row| row.0)))
            .add_attribute("energies", packed(rows.iter().map(|row| row.1)))
            .add_attribute("prices", packed(rows.iter().map(|row| row.2)))
    }

    /// The side payment (µ) of an account whose plan was recorded as a whole.
    pub fn paid_aside(&self, account: &Addr, amount: i64) -> Event {
        let event = Event::new("side_payment")
            .add_attribute("account", account)
            .add_attribute("source", self.source);
        let event = match self.session {
            Some(session) => event.add_attribute("session", session.to_string()),
            None => event,
        };
        event.add_attribute("amount", amount.to_string())
    }

    /// Commitments of one account that were left out.
    pub fn skipped(&self, account: &Addr, fault: CommitmentFault, intervals: &[u32]) -> Event {
        self.event("commitments_skipped", account)
            .add_attribute("reason", fault.name())
            .add_attribute("intervals", packed(intervals.iter().copied()))
    }
}

/// An account was used for the first time.
pub fn account_opened(account: &Addr, number: u32) -> Event {
    Event::new("account_opened")
        .add_attribute("account", account)
        .add_attribute("number", number.to_string())
}

/// An account owes more or less (µ).
pub fn arrears_changed(account: &Addr, arrears: u128) -> Event {
    Event::new("arrears_changed")
        .add_attribute("account", account)
        .add_attribute("arrears", arrears.to_string())
}

/// A line was settled for the first time (`line_settled`) or again (`line_adjusted`).
pub fn line(
    name: &str,
    interval: u32,
    account: &Addr,
    line: &Line,
    settlement: &Settlement,
) -> Result<Event, SettlementError> {
    Ok(Event::new(name)
        .add_attribute("interval", interval.to_string())
        .add_attribute("account", account)
        .add_attribute("energy", line.energy.to_string())
        .add_attribute("metered", line.metered.to_string())
        .add_attribute("origin", format!("{:?}", line.origin()).to_lowercase())
        .add_attribute("committed", settlement.committed.0.to_string())
        .add_attribute("imbalance", settlement.imbalance.0.to_string())
        .add_attribute("penalty", settlement.penalty.0.to_string())
        .add_attribute("dust", settlement.dust.0.to_string())
        .add_attribute("amount", settlement.amount()?.0.to_string()))
}

/// The last open line of an interval was settled: the grid account's line.
pub fn interval_closed(interval: u32, totals: &IntervalTotals) -> Option<Event> {
    let accounts = totals.sums.amount()?;
    let grid = accounts.checked_add(totals.sums.dust)?.checked_neg()?;
    Some(
        Event::new("interval_closed")
            .add_attribute("interval", interval.to_string())
            .add_attribute("lines", totals.lines.to_string())
            .add_attribute("estimated", totals.estimated.to_string())
            .add_attribute("scheduled", totals.scheduled.to_string())
            .add_attribute("metered", totals.sums.metered.to_string())
            .add_attribute("accounts", accounts.to_string())
            .add_attribute("grid", grid.to_string())
            .add_attribute("dust", totals.sums.dust.to_string()),
    )
}

/// A statement became final.
pub fn statement(period: u32, account: &Addr, statement: &Statement, total: i128) -> Event {
    let sums = &statement.sums;
    Event::new("statement")
        .add_attribute("period", period.to_string())
        .add_attribute("account", account)
        .add_attribute("lines", statement.lines.to_string())
        .add_attribute("estimated", statement.estimated.to_string())
        .add_attribute("adjusted", statement.adjusted.to_string())
        .add_attribute("scheduled", statement.scheduled.to_string())
        .add_attribute("metered", sums.metered.to_string())
        .add_attribute("peak", statement.peak.to_string())
        .add_attribute("committed", sums.committed.to_string())
        .add_attribute("imbalance", sums.imbalance.to_string())
        .add_attribute("penalty", sums.penalty.to_string())
        .add_attribute("demand", statement.demand.to_string())
        .add_attribute("dust", sums.dust.to_string())
        .add_attribute("total", total.to_string())
}

/// Numbers packed little endian, as base64.
fn packed<T: Packed>(numbers: impl Iterator<Item = T>) -> String {
    let mut bytes = Vec::new();
    for number in numbers {
        number.put(&mut bytes);
    }
    Binary::from(bytes).to_base64()
}
