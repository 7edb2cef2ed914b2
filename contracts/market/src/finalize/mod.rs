//! `FinalizeInterval`: the candidate's trades of an interval become final, T(14), T(15), page by
//! page, and offers that end with it are taken off the book.

mod fix;
mod settle;
mod sweep;
mod work;

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::event::ACTION;
use gridweave_types::market::{DEFAULT_PAGE, MAX_PAGE};
use gridweave_types::parameter::within;

use crate::clock;
use crate::error::ContractError;
use crate::state::{CONFIG, Status, phase};
use work::Work;

/// Finalizes as far as the page reaches: the interval named, which must be the next or the one under
/// way, and those after it that are due.
///
/// # Errors
/// [`ContractError::WrongInterval`], [`ContractError::TooEarly`],
/// [`ContractError::InvalidParameter`] for a page of 0.
pub fn finalize(
    deps: DepsMut,
    env: &Env,
    interval: u32,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let limit = limit.unwrap_or(DEFAULT_PAGE).min(MAX_PAGE);
    within("limit", limit, 1, MAX_PAGE)?;
    let config = CONFIG.load(deps.storage)?;
    let status = Status::load(deps.storage)?;
    let now = env.block.time.seconds();
    let open = status.phase == phase::OPEN;
    let expected = match open {
        true => status.next,
        false => status.next.saturating_sub(1),
    };
    if interval != expected {
        return Err(ContractError::WrongInterval { interval, expected });
    }
    if open && !clock::is_due(&config, interval, now) {
        return Err(ContractError::TooEarly {
            what: format!("finalization of interval {interval}"),
            opens: clock::due_at(&config, interval),
            now,
        });
    }
    let mut work = Work::new(deps.storage, config, status, limit);
    while work.left > 0 {
        match work.status.phase {
            phase::SETTLING => settle::settle(&mut work)?,
            phase::SWEEPING => sweep::sweep(&mut work)?,
            _ if clock::is_due(&work.config, work.status.next, now) => fix::fix(&mut work)?,
            _ => break,
        }
    }
    let response = Response::new()
        .add_attribute(ACTION, "finalized")
        .add_attribute("from", interval.to_string())
        .add_attribute("next", work.status.next.to_string())
        .add_attribute("complete", (work.status.phase == phase::OPEN).to_string());
    work.finish(response)
}
