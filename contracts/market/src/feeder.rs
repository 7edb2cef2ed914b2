//! `SetFeederLimits`.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Storage};
use gridweave_rules::market as rule;
use gridweave_types::event::ACTION;
use gridweave_types::market::FeederLimits;
use gridweave_units::Interval;

use crate::authority::require_operator;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, FEEDERS, INTERVALS, PARTS, Status};

/// Sets a feeder's limits from now on. Intervals of the candidate that no longer fit become void:
/// they will trade nothing, and count nothing.
///
/// # Errors
/// [`ContractError::Unauthorized`].
pub fn set_limits(
    deps: DepsMut,
    info: &MessageInfo,
    feeder: u32,
    limits: FeederLimits,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let mut status = Status::load(deps.storage)?;
    let new = rule::FeederLimits::from(limits);
    let old = FEEDERS.may_load(deps.storage, feeder)?;
    let old = old.map(rule::FeederLimits::from);
    let mut voided = Vec::new();
    if old.is_some_and(|old| is_lower(&new, &old)) {
        status.lowered = true;
        status.lowerings = status.lowerings.wrapping_add(1);
        voided = void(deps.storage, &mut status, feeder, &new)?;
    }
    FEEDERS.save(deps.storage, feeder, &new.into());
    status.save(deps.storage);
    let voided: Vec<String> = voided.iter().map(ToString::to_string).collect();
    let response = Response::new()
        .add_attribute(ACTION, "feeder_limits_set")
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("export", limits.export)
        .add_attribute("import", limits.import)
        .add_attribute("consumption", limits.consumption)
        .add_attribute("production", limits.production);
    // Chains refuse empty values.
    Ok(match voided.is_empty() {
        true => response,
        false => response.add_attribute("voided", voided.join(",")),
    })
}

fn is_lower(new: &rule::FeederLimits, old: &rule::FeederLimits) -> bool {
    new.export < old.export
        || new.import < old.import
        || new.consumption < old.consumption
        || new.production < old.production
}

/// Voids the candidate's open intervals in which the feeder exceeds its limits; their number is at
/// most the horizon.
fn void(
    storage: &mut dyn Storage,
    status: &mut Status,
    feeder: u32,
    limits: &rule::FeederLimits,
) -> Result<Vec<u32>, ContractError> {
    let intervals = INTERVALS.may_load(storage, status.candidate)?;
    let intervals = intervals.unwrap_or_default().into_iter();
    let (mut voided, next) = (Vec::new(), status.next);
    for interval in intervals.filter(|interval| *interval >= next) {
        let key = (status.candidate, interval);
        let Some(mut part) = PARTS.may_load(storage, key)? else {
            continue;
        };
        let flow = part.flows.iter().find(|flow| flow.feeder == feeder);
        let fits = flow.is_none_or(|flow| {
            let checked = limits.check(feeder, Interval(interval), flow.flow());
            checked.is_ok()
        });
        if fits || part.void {
            continue;
        }
        let rest = status.value().checked_sub(part.value());
        status.set_value(rest.ok_or(overflow("candidate"))?);
        part.void = true;
        PARTS.save(storage, key, &part);
        voided.push(interval);
    }
    Ok(voided)
}
