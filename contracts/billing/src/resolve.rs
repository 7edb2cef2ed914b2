//! `Resolve`: the operator decides a dispute.

use cosmwasm_std::{DepsMut, Env, Int64, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_units::Interval;

use crate::account::find;
use crate::authority::require_operator;
use crate::error::ContractError;
use crate::readings::replace;
use crate::state::{LINES, origin};
use crate::tariff::Tariffs;
use crate::work::Work;

/// Decides for good which energy counts; the meter cannot change it any more.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::NoLine`], [`ContractError::LineState`],
/// [`ContractError::Final`] when the dispute has lapsed, [`ContractError::Implausible`].
pub fn resolve(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    account: &str,
    interval: u32,
    reading: Option<Int64>,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    require_operator(deps.querier, &work.config, &info.sender)?;
    let account = parse(deps.api, "account", account)?;
    let key = (interval, find(work.storage, &account)?);
    let Some(mut line) = LINES.may_load(work.storage, key)? else {
        return Err(ContractError::NoLine { account, interval });
    };
    if !line.disputed {
        return Err(ContractError::LineState {
            account,
            interval,
            problem: "is not disputed",
        });
    }
    let (since, now) = (
        work.config.timeline().final_at(Interval(interval)),
        work.now,
    );
    if now >= since {
        return Err(ContractError::Final {
            interval,
            since,
            now,
        });
    }
    let energy = reading.map_or(line.metered, |reading| reading.i64());
    let limit = work.config.limits().energy.u64();
    if energy.unsigned_abs() > limit {
        return Err(ContractError::Implausible {
            interval,
            energy,
            limit,
        });
    }
    let mut tariffs = Tariffs::default();
    replace(
        &mut work,
        &mut tariffs,
        key,
        &mut line,
        energy,
        origin::OPERATOR,
    )?;
    LINES.save(work.storage, key, &line);
    let response = Response::new()
        .add_attribute(ACTION, "dispute_resolved")
        .add_attribute("account", account)
        .add_attribute("interval", interval.to_string())
        .add_attribute("metered", energy.to_string());
    Ok(work.finish(response))
}
