//! `Settle`: an interval's lines, page by page, in any order, by anyone.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_types::billing::MAX_PAGE;
use gridweave_types::event::ACTION;
use gridweave_units::Interval;

use crate::account::page_start;
use crate::booking::settle_line;
use crate::error::ContractError;
use crate::events;
use crate::readings::seconds;
use crate::state::{LINES, Line, LineKey, origin};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Settles what can be settled among up to `limit` lines; a silent meter's energy is estimated as
/// what was promised. Lines that are settled already are passed over, lines held by a dispute or
/// still open to one stay for later.
///
/// # Errors
/// [`ContractError::TooEarly`], [`ContractError::EmptyInterval`],
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn settle(
    deps: DepsMut,
    env: Env,
    interval: u32,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let start = page_start(deps.api, deps.storage, start_after.as_deref())?;
    let mut work = Work::begin(deps.storage, &env)?;
    let opens = work.config.timeline().settles_at(Interval(interval));
    if work.now < opens {
        return Err(ContractError::TooEarly {
            what: format!("settlement of interval {interval}"),
            opens,
            now: work.now,
        });
    }
    if work.interval(interval)?.lines == 0 {
        return Err(ContractError::EmptyInterval { interval });
    }
    let limit = limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE) as usize;
    let page = LINES.seconds(work.storage, interval, start, limit)?;
    let mut tariffs = Tariffs::default();
    let (mut settled, mut held) = (0u32, 0u32);
    for &id in &page {
        match settle_one(&mut work, &mut tariffs, (interval, id))? {
            Outcome::Settled => settled += 1,
            Outcome::Held => held += 1,
            Outcome::Before => {}
        }
    }
    let mut response = Response::new()
        .add_attribute(ACTION, "interval_settled")
        .add_attribute("interval", interval.to_string())
        .add_attribute("settled", settled.to_string())
        .add_attribute("held", held.to_string());
    let totals = work.interval(interval)?.clone();
    response = response.add_attribute("open", totals.open.to_string());
    if let Some(&last) = page.last().filter(|_| page.len() == limit) {
        response = response.add_attribute("next", work.address(last)?);
    }
    if totals.open == 0 && settled > 0 {
        let event = events::interval_closed(interval, &totals);
        work.announce(event.ok_or(crate::error::overflow("interval totals"))?);
    }
    Ok(work.finish(response))
}

enum Outcome {
    Settled,
    Held,
    /// It was settled before.
    Before,
}

fn settle_one(
    work: &mut Work,
    tariffs: &mut Tariffs,
    key: LineKey,
) -> Result<Outcome, ContractError> {
    let Some(mut line) = LINES.may_load(work.storage, key)? else {
        return Ok(Outcome::Before);
    };
    if line.settled {
        return Ok(Outcome::Before);
    }
    if is_held(work, key.0, &line) {
        return Ok(Outcome::Held);
    }
    line.disputed = false;
    if line.origin == origin::NONE {
        line.metered = line.energy;
        line.origin = origin::ESTIMATE;
        line.received = seconds(work.now);
        let account = work.account(key.1)?;
        account.silent = account.silent.saturating_add(1);
    }
    settle_line(work, tariffs, key, &mut line)?;
    LINES.save(work.storage, key, &line);
    Ok(Outcome::Settled)
}

/// Whether a dispute, or the time for one, keeps the line open. Nothing does once the interval is
/// final, so that no party can keep it open for ever.
fn is_held(work: &Work, interval: u32, line: &Line) -> bool {
    let (timeline, interval) = (work.config.timeline(), Interval(interval));
    if work.now >= timeline.final_at(interval) {
        return false;
    }
    let until = timeline.disputed_until(interval, line.received.into());
    line.disputed || (line.origin == origin::METER && work.now < until)
}
