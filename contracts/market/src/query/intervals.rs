//! Queries about intervals, final or as the candidate would have them.

use cosmwasm_std::{Deps, Uint64};
use gridweave_rules::market as rule;
use gridweave_types::market::{FeederFlow, IntervalResponse, IntervalsResponse};
use gridweave_types::page::clamp_limit;
use gridweave_units::Interval;

use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, FINALS, FlowRecord, INTERVALS, PARTS, PartRecord, Status, load_trades};

/// One interval with its trades.
///
/// # Errors
/// Only those of storage.
pub fn one(deps: Deps, interval: u32) -> Result<IntervalResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let mut shown = show(deps, &status, interval)?;
    if shown.trades > 0 {
        let key = (shown.solution.u64(), interval);
        shown.packed = Some(load_trades(deps.storage, key).into());
    }
    Ok(shown)
}

/// One page of the candidate's open intervals, without the trades.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> Result<IntervalsResponse, ContractError> {
    let status = Status::load(deps.storage)?;
    let intervals = INTERVALS.may_load(deps.storage, status.candidate)?;
    let intervals = intervals.unwrap_or_default().into_iter();
    let open = intervals.filter(|interval| {
        *interval >= status.next && start_after.is_none_or(|after| *interval > after)
    });
    let shown = open
        .take(clamp_limit(limit))
        .map(|interval| show(deps, &status, interval));
    Ok(IntervalsResponse {
        intervals: shown.collect::<Result<_, _>>()?,
    })
}

fn show(deps: Deps, status: &Status, interval: u32) -> Result<IntervalResponse, ContractError> {
    let finalized = interval < status.next;
    let record = match finalized {
        true => FINALS.may_load(deps.storage, interval)?,
        false => None,
    };
    let solution = match (finalized, &record) {
        (true, Some(record)) => record.solution,
        (true, None) => 0,
        (false, _) => status.candidate,
    };
    let part = PARTS.may_load(deps.storage, (solution, interval))?;
    let part = part.unwrap_or_default();
    let objective = match record {
        Some(record) => record.objective,
        None => worth(deps, status, &part)?,
    };
    Ok(IntervalResponse {
        interval,
        finalized,
        void: part.void,
        solution: if part.trades > 0 { solution } else { 0 }.into(),
        energy: Uint64::new(u64::try_from(part.energy).map_err(|_| overflow("energy"))?),
        objective: objective.into(),
        flows: part.flows.iter().map(flow).collect(),
        trades: part.trades,
        packed: None,
    })
}

fn worth(deps: Deps, status: &Status, part: &PartRecord) -> Result<i128, ContractError> {
    if part.void {
        return Ok(0);
    }
    let rule = rule::Objective::from(CONFIG.load(deps.storage)?.objective);
    let total = rule.total(part.value(), Interval(status.next));
    total.ok_or(overflow("objective"))
}

fn flow(record: &FlowRecord) -> FeederFlow {
    FeederFlow {
        feeder: record.feeder,
        sold: record.sold.into(),
        bought: record.bought.into(),
    }
}
