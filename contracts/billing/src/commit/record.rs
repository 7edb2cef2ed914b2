//! `RecordCommitments`: what a schedule contract sends itself.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::billing::{CommitmentInput, MAX_COMMITMENTS};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::within;
use gridweave_units::{Energy, Price};

use super::{Recorder, Row};
use crate::account::find_or_open;
use crate::error::{CommitmentFault, ContractError};
use crate::events::Handover;
use crate::source;
use crate::state::AccountId;
use crate::work::Work;

/// Rows of each account, in the order of the message.
type ByAccount = BTreeMap<AccountId, Vec<Row>>;

/// Records all commitments or none. Unpaid ones of a suspended account are left out and announced:
/// their source could not know, and everybody else's must not wait.
///
/// # Errors
/// [`ContractError::NotASource`], [`ContractError::InvalidParameter`],
/// [`ContractError::InvalidAddress`], [`ContractError::NotRegistered`],
/// [`ContractError::Commitment`] for the first bad row.
pub fn record(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    commitments: Vec<CommitmentInput>,
    paid: bool,
) -> Result<Response, ContractError> {
    let (index, adds) = source::recorder(deps.storage, &info.sender)?;
    within(
        "number of commitments",
        commitments.len(),
        1,
        MAX_COMMITMENTS,
    )?;
    let mut work = Work::begin(deps.storage, &env)?;
    let mut accounts = ByAccount::new();
    for input in commitments {
        let address = parse(deps.api, "commitments.account", &input.account)?;
        if address == work.config.terms.treasury {
            return Err(refused(
                &address,
                input.interval,
                CommitmentFault::GridAccount,
            ));
        }
        let id = find_or_open(&mut work, deps.querier, &address)?;
        accounts.entry(id).or_default().push(Row {
            interval: input.interval,
            energy: Some(Energy(input.energy.i64())),
            price: Some(Price(input.price.i64())),
        });
    }
    let handover = Handover {
        source: &info.sender,
        session: None,
        paid,
    };
    let mut recorder = Recorder::new(handover, index, adds);
    let (mut recorded, mut skipped) = (0, 0);
    for (id, rows) in accounts {
        if record_account(&mut work, &mut recorder, id, &rows)? {
            recorded += rows.len();
        } else {
            skipped += rows.len();
        }
    }
    let response = Response::new()
        .add_attribute(ACTION, "commitments_recorded")
        .add_attribute("source", &info.sender)
        .add_attribute("recorded", recorded.to_string())
        .add_attribute("skipped", skipped.to_string());
    Ok(work.finish(response))
}

/// Whether the rows were recorded rather than left out.
fn record_account(
    work: &mut Work,
    recorder: &mut Recorder,
    id: AccountId,
    rows: &[Row],
) -> Result<bool, ContractError> {
    let address = work.address(id)?;
    if recorder.barred(work, id)? {
        let intervals: Vec<u32> = rows.iter().map(|row| row.interval).collect();
        let fault = CommitmentFault::Suspended;
        work.announce(recorder.handover.skipped(&address, fault, &intervals));
        return Ok(false);
    }
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        recorder
            .add(work, id, std::slice::from_ref(row))?
            .map_err(|fault| refused(&address, row.interval, fault))?;
        shown.push(row.shown());
    }
    work.announce(recorder.handover.recorded(&address, &shown));
    Ok(true)
}

fn refused(account: &Addr, interval: u32, fault: CommitmentFault) -> ContractError {
    ContractError::Commitment {
        account: account.clone(),
        interval,
        fault,
    }
}
