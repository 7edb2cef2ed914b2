//! Events beside the response's own attributes; `gridweave_types::event` lists them all.

use cosmwasm_std::{Addr, Binary, Event};
use gridweave_rules::crowdsourcing::Evidence;

use crate::state::{Agreement, SumsRecord, TaskRecord};

/// A budget of a programme grew.
pub fn budget_added(programme: u32, feeder: u32, from: u32, amounts: &[u128]) -> Event {
    let bytes: Vec<u8> = amounts
        .iter()
        .flat_map(|amount| amount.to_le_bytes())
        .collect();
    Event::new("budget_added")
        .add_attribute("programme", programme.to_string())
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("from", from.to_string())
        .add_attribute("amounts", Binary::from(bytes).to_base64())
}

/// A task was offered (`task_offered`) or raised (`task_raised`).
pub fn task(name: &str, number: u64, account: &Addr, task: &TaskRecord) -> Event {
    Event::new(name)
        .add_attribute("task", number.to_string())
        .add_attribute("programme", task.programme.to_string())
        .add_attribute("account", account)
        .add_attribute("feeder", task.feeder.to_string())
        .add_attribute("interval", task.interval.to_string())
        .add_attribute("energy", task.energy.to_string())
        .add_attribute("price", task.price.to_string())
        .add_attribute("incentive", task.incentive.to_string())
        .add_attribute("round", task.round.to_string())
        .add_attribute("until", task.until.to_string())
        .add_attribute("reserved", task.worst().to_string())
}

/// Nobody answered a task in time.
pub fn task_expired(number: u64, account: &Addr, task: &TaskRecord) -> Event {
    Event::new("task_expired")
        .add_attribute("task", number.to_string())
        .add_attribute("account", account)
        .add_attribute("round", task.round.to_string())
        .add_attribute("released", task.worst().to_string())
}

/// A task was delivered as far as the line says, and paid.
pub fn task_settled(number: u64, account: &Addr, task: &TaskRecord, line: (i64, i64)) -> Event {
    let (committed, metered) = line;
    let released = task.worst().saturating_sub(task.paid);
    Event::new("task_settled")
        .add_attribute("task", number.to_string())
        .add_attribute("account", account)
        .add_attribute("committed", committed.to_string())
        .add_attribute("metered", metered.to_string())
        .add_attribute("delivered", task.delivered.to_string())
        .add_attribute("paid", task.paid.to_string())
        .add_attribute("released", released.to_string())
}

/// An answer was counted in an acceptance history.
pub fn answered(account: &Addr, level: usize, accepts: bool, evidence: &Evidence) -> Event {
    Event::new("answer_counted")
        .add_attribute("account", account)
        .add_attribute("level", level.to_string())
        .add_attribute("accepted", accepts.to_string())
        .add_attribute("answers", evidence.answers.to_string())
}

/// An agreement was proposed.
pub fn agreement_proposed(number: u64, account: &Addr, agreement: &Agreement) -> Event {
    Event::new("agreement_proposed")
        .add_attribute("agreement", number.to_string())
        .add_attribute("programme", agreement.programme.to_string())
        .add_attribute("account", account)
        .add_attribute("rate", agreement.rate.to_string())
        .add_attribute("term", format!("{:?}", agreement.term).to_lowercase())
        .add_attribute("first", agreement.first.to_string())
        .add_attribute("last", agreement.last.to_string())
        .add_attribute("export", agreement.export.to_string())
        .add_attribute("import", agreement.import.to_string())
        .add_attribute("setpoints", agreement.setpoints.to_base64())
}

/// Setpoints of an agreement became commitments.
pub fn setpoints_committed(
    number: u64,
    programme: u32,
    account: &Addr,
    rate: i64,
    setpoints: &Binary,
) -> Event {
    Event::new("setpoints_committed")
        .add_attribute("agreement", number.to_string())
        .add_attribute("programme", programme.to_string())
        .add_attribute("account", account)
        .add_attribute("rate", rate.to_string())
        .add_attribute("setpoints", setpoints.to_base64())
}

/// A generator supplements.
pub fn supplemented(account: &Addr, feeder: u32, interval: u32, energy: i64, price: i64) -> Event {
    Event::new("supplemented")
        .add_attribute("account", account)
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("interval", interval.to_string())
        .add_attribute("energy", energy.to_string())
        .add_attribute("price", price.to_string())
}

/// A statement became final.
pub fn statement(ledger: &str, account: &Addr, sums: &SumsRecord) -> Event {
    add_sums(
        Event::new("crowd_statement")
            .add_attribute("ledger", ledger)
            .add_attribute("account", account),
        sums,
    )
}

/// A budget account was reconciled.
pub fn ledger_closed(ledger: &str, budget: u128, unspent: u128, sums: &SumsRecord) -> Event {
    add_sums(
        Event::new("ledger_closed")
            .add_attribute("ledger", ledger)
            .add_attribute("budget", budget.to_string())
            .add_attribute("unspent", unspent.to_string()),
        sums,
    )
}

fn add_sums(event: Event, sums: &SumsRecord) -> Event {
    event
        .add_attribute("offered", sums.offered.to_string())
        .add_attribute("accepted", sums.accepted.to_string())
        .add_attribute("declined", sums.declined.to_string())
        .add_attribute("expired", sums.expired.to_string())
        .add_attribute("energy", sums.energy.to_string())
        .add_attribute("delivered", sums.delivered.to_string())
        .add_attribute("paid", sums.paid.to_string())
        .add_attribute("agreed", sums.agreed.to_string())
        .add_attribute("supplemented", sums.supplemented.to_string())
}
