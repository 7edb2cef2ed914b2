//! `RecordSession`: a coordinator's schedule becomes commitments, page by page.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, DepsMut, Env, QuerierWrapper, Response};
use gridweave_rules::settlement::book;
use gridweave_types::address::parse;
use gridweave_types::billing::MAX_SESSION_COMMITMENTS;
use gridweave_types::coordinator::ScheduleRow;
use gridweave_types::event::ACTION;
use gridweave_units::Money;

use super::coordinator::Session;
use super::{Recorder, Row};
use crate::account::find_or_open;
use crate::error::{CommitmentFault, ContractError};
use crate::events::Handover;
use crate::source;
use crate::state::{AccountId, CARRIES, NUMBERS, RECORDED};
use crate::work::Work;

/// Records the next page of participants. Anybody may call it and nobody can repair a session, so a
/// commitment that cannot be recorded is left out and announced, and the page goes on.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NotASource`], [`ContractError::Session`].
pub fn record_session(
    deps: DepsMut,
    env: Env,
    coordinator: &str,
    id: u64,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let coordinator = parse(deps.api, "coordinator", coordinator)?;
    let index = source::sessions(deps.storage, &coordinator)?;
    let querier = deps.querier;
    let mut session = Session::open(querier, &coordinator, id)?;
    let seen = RECORDED
        .may_load(deps.storage, (index, id))?
        .unwrap_or_default();
    if seen >= session.participants {
        return Err(ContractError::Session {
            coordinator,
            session: id,
            problem: format!("is recorded already ({seen} participants)"),
        });
    }
    let rows = session.page(seen, limit, MAX_SESSION_COMMITMENTS)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let handover = Handover {
        source: &coordinator,
        session: Some(id),
        paid: false,
    };
    let mut recorder = Recorder::new(handover, index, false);
    let (mut recorded, mut skipped) = (0, 0);
    let carried = CARRIES.may_load(work.storage, (index, id))?;
    let mut carries = carried.unwrap_or_default();
    for row in &rows {
        let commitments = session.commitments(row, &mut carries)?;
        let done = record_row(&mut work, querier, &mut recorder, row, &commitments)?;
        recorded += done;
        skipped += commitments.len() - done;
    }
    let next = seen.saturating_add(rows.len() as u32);
    RECORDED.save(work.storage, (index, id), &next)?;
    if !carries.is_empty() {
        CARRIES.save(work.storage, (index, id), &carries);
    }
    let response = Response::new()
        .add_attribute(ACTION, "session_recorded")
        .add_attribute("coordinator", &coordinator)
        .add_attribute("session", id.to_string())
        .add_attribute("recorded", recorded.to_string())
        .add_attribute("skipped", skipped.to_string())
        .add_attribute(
            "left",
            session.participants.saturating_sub(next).to_string(),
        );
    Ok(work.finish(response))
}

/// Records one participant; returns how many commitments were.
fn record_row(
    work: &mut Work,
    querier: QuerierWrapper,
    recorder: &mut Recorder,
    row: &ScheduleRow,
    commitments: &[Row],
) -> Result<usize, ContractError> {
    let mut faults = Faults::default();
    let mut shown = Vec::with_capacity(commitments.len());
    match open(work, querier, recorder, &row.account)? {
        Ok(id) => {
            for rows in commitments.chunk_by(|row, next| row.interval == next.interval) {
                match recorder.add(work, id, rows)? {
                    Ok(()) => shown.extend(rows.iter().map(Row::shown)),
                    Err(fault) => rows.iter().for_each(|row| faults.note(fault, row.interval)),
                }
            }
        }
        Err(fault) => commitments
            .iter()
            .for_each(|commitment| faults.note(fault, commitment.interval)),
    }
    if !shown.is_empty() {
        work.announce(recorder.handover.recorded(&row.account, &shown));
    }
    if shown.len() == commitments.len() {
        pay_aside(work, recorder, row)?;
    }
    for (fault, intervals) in faults.0.into_values() {
        work.announce(recorder.handover.skipped(&row.account, fault, &intervals));
    }
    Ok(shown.len())
}

/// Books the side payment that goes with a plan, for an account whose plan was recorded as a whole.
fn pay_aside(work: &mut Work, recorder: &Recorder, row: &ScheduleRow) -> Result<(), ContractError> {
    let amount = row.side_payment.i64();
    let number = NUMBERS.may_load(work.storage, &row.account)?;
    let (Some(id), true) = (number, amount != 0) else {
        return Ok(());
    };
    work.announce(recorder.handover.paid_aside(&row.account, amount));
    work.money(id, |purse, pool, required| {
        book(purse, pool, Money(amount.into()), Money(0), required)
    })
}

/// The account, if it may take commitments.
fn open(
    work: &mut Work,
    querier: QuerierWrapper,
    recorder: &Recorder,
    address: &Addr,
) -> Result<Result<AccountId, CommitmentFault>, ContractError> {
    if *address == work.config.terms.treasury {
        return Ok(Err(CommitmentFault::GridAccount));
    }
    let id = match find_or_open(work, querier, address) {
        Ok(id) => id,
        Err(ContractError::NotRegistered(_)) => {
            return Ok(Err(CommitmentFault::Unregistered));
        }
        Err(error) => return Err(error),
    };
    Ok(if recorder.barred(work, id)? {
        Err(CommitmentFault::Suspended)
    } else {
        Ok(id)
    })
}

/// Intervals left out, by reason.
#[derive(Default)]
struct Faults(BTreeMap<&'static str, (CommitmentFault, Vec<u32>)>);

impl Faults {
    fn note(&mut self, fault: CommitmentFault, interval: u32) {
        let entry = self.0.entry(fault.name()).or_insert((fault, Vec::new()));
        entry.1.push(interval);
    }
}
