//! Queries about lines and intervals.

use cosmwasm_std::{Addr, Deps};
use gridweave_rules::settlement::Settlement;
use gridweave_types::address::parse;
use gridweave_types::billing::{
    CorrectionsResponse, IntervalResponse, LineResponse, LineState, LinesResponse, Origin,
    SupersededReading,
};
use gridweave_types::page::clamp_limit;
use gridweave_units::Interval;

use crate::account::{find, page_start};
use crate::booking::value_of;
use crate::error::{ContractError, overflow};
use crate::state::{
    ADDRESSES, CONFIG, CORRECTIONS, Config, INTERVALS, LINES, Line, LineKey, origin,
};
use crate::tariff::Tariffs;

/// One line.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`], [`ContractError::NoLine`].
pub fn one(deps: Deps, account: &str, interval: u32) -> Result<LineResponse, ContractError> {
    let address = parse(deps.api, "account", account)?;
    let key = (interval, find(deps.storage, &address)?);
    let Some(line) = LINES.may_load(deps.storage, key)? else {
        return Err(ContractError::NoLine {
            account: address,
            interval,
        });
    };
    Shower::new(deps)?.show(key, address, &line)
}

/// One page of an interval's lines.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn page(
    deps: Deps,
    interval: u32,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<LinesResponse, ContractError> {
    let start = page_start(deps.api, deps.storage, start_after)?;
    let numbers = LINES.seconds(deps.storage, interval, start, clamp_limit(limit))?;
    let mut shower = Shower::new(deps)?;
    let mut lines = Vec::with_capacity(numbers.len());
    for id in numbers {
        let address = ADDRESSES.load(deps.storage, id)?;
        let line = LINES.may_load(deps.storage, (interval, id))?;
        lines.push(shower.show((interval, id), address, &line.unwrap_or_default())?);
    }
    Ok(LinesResponse { lines })
}

/// An account's lines in a stretch of intervals.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn of_account(
    deps: Deps,
    account: &str,
    from: u32,
    limit: Option<u32>,
) -> Result<LinesResponse, ContractError> {
    let address = parse(deps.api, "account", account)?;
    let id = find(deps.storage, &address)?;
    let mut shower = Shower::new(deps)?;
    let mut lines = Vec::new();
    for interval in (from..=u32::MAX).take(clamp_limit(limit)) {
        if let Some(line) = LINES.may_load(deps.storage, (interval, id))? {
            lines.push(shower.show((interval, id), address.clone(), &line)?);
        }
    }
    Ok(LinesResponse { lines })
}

/// Superseded readings of a line.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`].
pub fn corrections(
    deps: Deps,
    account: &str,
    interval: u32,
) -> Result<CorrectionsResponse, ContractError> {
    let address = parse(deps.api, "account", account)?;
    let key = (interval, find(deps.storage, &address)?);
    let history = CORRECTIONS.may_load(deps.storage, key)?.unwrap_or_default();
    let superseded = history.into_iter().map(|old| SupersededReading {
        metered: old.metered.into(),
        origin: origin::shown(old.origin),
        received: u64::from(old.received).into(),
    });
    Ok(CorrectionsResponse {
        superseded: superseded.collect(),
    })
}

/// Totals of an interval.
///
/// # Errors
/// Only those of storage.
pub fn interval(deps: Deps, interval: u32) -> Result<IntervalResponse, ContractError> {
    let totals = INTERVALS
        .may_load(deps.storage, interval)?
        .unwrap_or_default();
    let timeline = CONFIG.load(deps.storage)?.timeline();
    let index = Interval(interval);
    let sums = &totals.sums;
    let accounts = sums.amount().ok_or(overflow("interval totals"))?;
    let owed = accounts.checked_add(sums.dust);
    let grid = owed.and_then(i128::checked_neg);
    let root = totals.rooted.then_some(totals.root);
    Ok(IntervalResponse {
        lines: totals.lines,
        open: totals.open,
        estimated: totals.estimated,
        settles_at: timeline.settles_at(index).into(),
        final_at: timeline.final_at(index).into(),
        scheduled: totals.scheduled.into(),
        metered: sums.metered.into(),
        root: root.map(Into::into),
        losses: root
            .and_then(|root| root.checked_add(sums.metered))
            .map(Into::into),
        accounts: accounts.into(),
        committed: sums.committed.into(),
        imbalance: sums.imbalance.into(),
        penalty: sums.penalty.into(),
        grid: grid.ok_or(overflow("interval totals"))?.into(),
        dust: sums.dust.into(),
    })
}

/// Shows lines with what they are worth, which is computed rather than stored.
struct Shower<'a> {
    deps: Deps<'a>,
    config: Config,
    tariffs: Tariffs,
}

impl<'a> Shower<'a> {
    fn new(deps: Deps<'a>) -> Result<Self, ContractError> {
        Ok(Self {
            deps,
            config: CONFIG.load(deps.storage)?,
            tariffs: Tariffs::default(),
        })
    }

    fn show(
        &mut self,
        key: LineKey,
        account: Addr,
        line: &Line,
    ) -> Result<LineResponse, ContractError> {
        let worth = if line.settled {
            let storage = self.deps.storage;
            value_of(storage, &self.config, &mut self.tariffs, key.0, line)?
        } else {
            Settlement::default()
        };
        let prices = line.position().prices;
        let known = line.origin() != Origin::None;
        Ok(LineResponse {
            account,
            interval: key.0,
            energy: line.energy.into(),
            value: line.value.into(),
            low: prices.map(|range| range.low.0.into()),
            high: prices.map(|range| range.high.0.into()),
            metered: known.then(|| line.metered.into()),
            state: LineState {
                settled: line.settled,
                disputed: line.disputed,
                origin: line.origin(),
                corrections: line.corrections.into(),
            },
            committed: worth.committed.0.into(),
            imbalance: worth.imbalance.0.into(),
            penalty: worth.penalty.0.into(),
            dust: worth.dust.0.into(),
        })
    }
}
