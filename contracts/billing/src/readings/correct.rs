//! `CorrectReadings`: readings that replace earlier ones of the same meter.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::billing::{MAX_CORRECTIONS, SignedReadings};
use gridweave_types::event::ACTION;
use gridweave_units::Interval;

use super::batch::{Batch, accept};
use super::replace;
use super::submit::take_root;
use crate::error::ContractError;
use crate::state::{LINES, Line, origin};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Replaces readings; all or none. A settled line is settled again at the same prices, and an open
/// dispute of a line ends.
///
/// # Errors
/// Those of a bad message, [`ContractError::Final`] after the window, [`ContractError::LineState`]
/// where there is no reading, the operator has decided, or the history is full.
pub fn correct(deps: DepsMut, env: Env, signed: SignedReadings) -> Result<Response, ContractError> {
    let (mut work, batch) = accept(deps, &env, &signed, true)?;
    let interval = batch.from;
    let since = work.config.timeline().final_at(Interval(interval));
    if work.now >= since {
        let now = work.now;
        return Err(ContractError::Final {
            interval,
            since,
            now,
        });
    }
    let mut tariffs = Tariffs::default();
    for (interval, &metered) in (batch.from..).zip(&batch.readings) {
        if batch.root {
            correct_root(&mut work, &batch, interval, metered)?;
            continue;
        }
        let key = (interval, batch.id);
        let mut line = correctable(&work, &batch, interval)?;
        replace(
            &mut work,
            &mut tariffs,
            key,
            &mut line,
            metered,
            origin::METER,
        )?;
        LINES.save(work.storage, key, &line);
    }
    let response = Response::new()
        .add_attribute(ACTION, "readings_corrected")
        .add_attribute("account", batch.account)
        .add_attribute("from", batch.from.to_string())
        .add_attribute("readings", signed.readings.to_base64())
        .add_attribute("nonce", signed.nonce)
        .add_attribute("signature", signed.signature.to_base64());
    Ok(work.finish(response))
}

fn correct_root(
    work: &mut Work,
    batch: &Batch,
    interval: u32,
    metered: i64,
) -> Result<(), ContractError> {
    if !work.interval(interval)?.rooted {
        return Err(ContractError::NoLine {
            account: batch.account.clone(),
            interval,
        });
    }
    take_root(work, interval, metered)
}

fn correctable(work: &Work, batch: &Batch, interval: u32) -> Result<Line, ContractError> {
    let account = batch.account.clone();
    let Some(line) = LINES.may_load(work.storage, (interval, batch.id))? else {
        return Err(ContractError::NoLine { account, interval });
    };
    let problem = match line.origin {
        origin::OPERATOR => "was decided by the operator",
        origin::METER if usize::from(line.corrections) >= MAX_CORRECTIONS => {
            "takes no more corrections"
        }
        origin::METER => return Ok(line),
        _ => "has no reading to correct",
    };
    Err(ContractError::LineState {
        account,
        interval,
        problem,
    })
}
