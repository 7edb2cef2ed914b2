//! `SubmitReadings`: the series of a meter, without gap or overlap.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::billing::SignedReadings;
use gridweave_types::event::ACTION;

use super::batch::{Batch, accept};
use super::{replace, seconds};
use crate::booking::open_line;
use crate::error::ContractError;
use crate::state::{LINES, LineKey, origin};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Takes the next readings of a meter. The first ones may begin at any interval that is not final;
/// later ones continue the series, except that intervals that have become final are passed over.
///
/// # Errors
/// Those of a bad message, and [`ContractError::OutOfSequence`] for a gap or back-dating.
pub fn submit(deps: DepsMut, env: Env, signed: SignedReadings) -> Result<Response, ContractError> {
    let (mut work, batch) = accept(deps, &env, &signed, false)?;
    let lapsed = continue_series(&mut work, &batch)?;
    let mut tariffs = Tariffs::default();
    let mut kept = 0u32;
    for (interval, &metered) in (batch.from..).zip(&batch.readings) {
        if batch.root {
            take_root(&mut work, interval, metered)?;
        } else if !take(&mut work, &mut tariffs, (interval, batch.id), metered)? {
            kept += 1;
        }
    }
    let response = Response::new()
        .add_attribute(ACTION, "readings_submitted")
        .add_attribute("account", batch.account)
        .add_attribute("from", batch.from.to_string())
        .add_attribute("readings", signed.readings.to_base64())
        .add_attribute("nonce", signed.nonce)
        .add_attribute("signature", signed.signature.to_base64())
        .add_attribute("lapsed", lapsed.to_string())
        .add_attribute("kept", kept.to_string());
    Ok(work.finish(response))
}

/// Moves the account's series on; returns how many intervals were passed over.
fn continue_series(work: &mut Work, batch: &Batch) -> Result<u32, ContractError> {
    let first_open = work.config.timeline().first_open(work.now).0;
    let account = work.account(batch.id)?;
    let from = batch.from;
    let (fits, expected) = if account.metered {
        let next = account.next_reading.max(first_open);
        (from == next, next.to_string())
    } else {
        (from >= first_open, format!("{first_open} or later"))
    };
    if !fits {
        return Err(ContractError::OutOfSequence {
            account: batch.account.clone(),
            from,
            expected,
        });
    }
    let lapsed = if account.metered {
        from.saturating_sub(account.next_reading)
    } else {
        0
    };
    account.metered = true;
    account.next_reading = from.saturating_add(batch.readings.len() as u32);
    account.silent = 0;
    Ok(lapsed)
}

/// Gives a line its reading. Whether it counts: where the operator has decided, that stays.
fn take(
    work: &mut Work,
    tariffs: &mut Tariffs,
    key: LineKey,
    metered: i64,
) -> Result<bool, ContractError> {
    let mut line = match LINES.may_load(work.storage, key)? {
        Some(line) => line,
        None => open_line(work, key)?,
    };
    match line.origin {
        origin::OPERATOR => return Ok(false),
        origin::NONE => {
            line.metered = metered;
            line.origin = origin::METER;
            line.received = seconds(work.now);
        }
        _ => replace(work, tariffs, key, &mut line, metered, origin::METER)?,
    }
    LINES.save(work.storage, key, &line);
    Ok(true)
}

/// What entered the feeder at its root; no money depends on it.
pub fn take_root(work: &mut Work, interval: u32, metered: i64) -> Result<(), ContractError> {
    let totals = work.interval(interval)?;
    totals.rooted = true;
    totals.root = metered;
    Ok(())
}
