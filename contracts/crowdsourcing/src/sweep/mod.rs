//! `Sweep`: whatever nobody else finishes. Anyone may.

mod expire;
mod settle;

use cosmwasm_std::{DepsMut, Env, Order, Response, StdResult, Uint64, WasmMsg};
use cw_storage_plus::Bound;
use gridweave_types::crowdsourcing::MAX_PAGE;
use gridweave_types::event::ACTION;
use gridweave_types::page::DEFAULT_LIMIT;
use gridweave_types::parameter::within;

use crate::clock;
use crate::error::ContractError;
use crate::state::{UNFINISHED, task_state};
use crate::task::load;
use crate::work::Work;

/// What a page has done.
#[derive(Default)]
struct Tally {
    expired: u32,
    settled: u32,
    held: u32,
    credits: Vec<WasmMsg>,
}

/// Looks at a page of an interval's unfinished tasks.
///
/// # Errors
/// [`ContractError::InvalidParameter`]; when `billing` does not answer.
pub fn sweep(
    deps: DepsMut,
    env: &Env,
    interval: u32,
    start_after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    within("limit", limit, 1, MAX_PAGE)?;
    let mut work = Work::begin(deps.storage)?;
    let start = start_after.map(|after| Bound::exclusive(after.u64()));
    let keys = UNFINISHED.prefix(interval);
    let keys = keys.keys(work.storage, start, None, Order::Ascending);
    let page = keys.take(limit as usize).collect::<StdResult<Vec<u64>>>()?;
    let now = env.block.time.seconds();
    let is_final = now >= clock::final_at(&work.config, interval);
    let mut tally = Tally::default();
    for number in &page {
        let task = load(work.storage, *number)?;
        if task.state == task_state::OPEN && now >= task.until {
            expire::expire(&mut work, *number, task)?;
            tally.expired += 1;
        } else if task.state == task_state::ACCEPTED && is_final {
            let settled = settle::settle(&mut work, deps.querier, *number, task)?;
            match settled {
                Some(credit) => {
                    tally.settled += 1;
                    tally.credits.extend(credit);
                }
                None => tally.held += 1,
            }
        } else {
            tally.held += 1;
        }
    }
    let mut response = Response::new()
        .add_attribute(ACTION, "swept")
        .add_attribute("interval", interval.to_string())
        .add_attribute("expired", tally.expired.to_string())
        .add_attribute("settled", tally.settled.to_string())
        .add_attribute("held", tally.held.to_string());
    if let Some(last) = page.last().filter(|_| page.len() == limit as usize) {
        response = response.add_attribute("next", last.to_string());
    }
    Ok(work.finish(response.add_messages(tally.credits)))
}
