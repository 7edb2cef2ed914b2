//! `OpenPeriod`: starts the reconciliation of a period.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::event::ACTION;

use super::bounds;
use crate::error::ContractError;
use crate::work::Work;

/// Opens a period once its last interval is final: from then on nothing new can come in, and its
/// statements may be made final.
///
/// # Errors
/// [`ContractError::InvalidParameter`], [`ContractError::TooEarly`],
/// [`ContractError::PeriodState`] when it is open already.
pub fn open(deps: DepsMut, env: Env, period: u32) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    let (first, last) = bounds(&work.config, period)?;
    let opens = work.config.timeline().final_at(last);
    if work.now < opens {
        return Err(ContractError::TooEarly {
            what: format!("reconciliation of period {period}"),
            opens,
            now: work.now,
        });
    }
    let record = work.period(period)?;
    if record.open {
        return Err(ContractError::PeriodState {
            period,
            problem: "is open already",
        });
    }
    record.open = true;
    let response = Response::new()
        .add_attribute(ACTION, "period_opened")
        .add_attribute("period", period.to_string())
        .add_attribute("first", first.0.to_string())
        .add_attribute("last", last.0.to_string())
        .add_attribute("statements", record.statements.to_string());
    Ok(work.finish(response))
}
