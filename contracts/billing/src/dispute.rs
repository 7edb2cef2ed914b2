//! `Dispute`: an account, or the operator, does not believe a reading.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::grid::Unauthorized;
use gridweave_units::Interval;

use crate::account::find;
use crate::authority::register;
use crate::error::ContractError;
use crate::state::{LINES, origin};
use crate::work::Work;

/// Flags the energy of a line. An unsettled line is held until the operator decides, the meter
/// corrects itself or the interval becomes final; a settled one is settled again if its energy
/// changes.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::NoLine`], [`ContractError::LineState`],
/// [`ContractError::TooLate`], [`ContractError::Final`].
pub fn dispute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    account: Option<String>,
    interval: u32,
) -> Result<Response, ContractError> {
    let account = match account {
        Some(account) => parse(deps.api, "account", &account)?,
        None => info.sender.clone(),
    };
    let work = Work::begin(deps.storage, &env)?;
    let is = |who: &Addr| info.sender == *who;
    if !is(&account) && !is(&register(deps.querier, &work.config).operator()?) {
        let expected = format!("{account} or the operator");
        return Err(Unauthorized::of(&info.sender, expected).into());
    }
    let key = (interval, find(work.storage, &account)?);
    let Some(mut line) = LINES.may_load(work.storage, key)? else {
        return Err(ContractError::NoLine { account, interval });
    };
    let problem = match line.origin {
        origin::NONE => Some("has no reading yet"),
        origin::OPERATOR => Some("was decided by the operator"),
        _ if line.disputed => Some("is disputed already"),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(ContractError::LineState {
            account,
            interval,
            problem,
        });
    }
    check_window(&work, interval, line.received.into())?;
    line.disputed = true;
    LINES.save(work.storage, key, &line);
    let response = Response::new()
        .add_attribute(ACTION, "reading_disputed")
        .add_attribute("account", account)
        .add_attribute("interval", interval.to_string())
        .add_attribute("metered", line.metered.to_string())
        .add_attribute("sender", info.sender);
    Ok(work.finish(response))
}

fn check_window(work: &Work, interval: u32, received: u64) -> Result<(), ContractError> {
    let (timeline, now) = (work.config.timeline(), work.now);
    let until = timeline.disputed_until(Interval(interval), received);
    if now >= until {
        return Err(ContractError::TooLate {
            what: format!("a dispute of interval {interval}"),
            until,
            now,
        });
    }
    let since = timeline.final_at(Interval(interval));
    if now >= since {
        return Err(ContractError::Final {
            interval,
            since,
            now,
        });
    }
    Ok(())
}
