//! Tariffs: set for intervals to come, looked up by interval.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Order, Response, StdError, Storage, to_json_string};
use cw_storage_plus::Bound;
use gridweave_rules::settlement::{self as rule, MAX_SLOTS, MAX_TERMS};
use gridweave_types::billing::{Limits, Tariff, Term};
use gridweave_types::event::ACTION;
use gridweave_types::parameter::{invalid, within};
use gridweave_units::Interval;

use crate::authority::require_operator;
use crate::error::ContractError;
use crate::state::{BOOKS, CONFIG, TARIFFS};
use crate::work::BOOKS_KEY;

/// Sets the tariff from `from` on, up to the next later one already set. What was promised stays promised: an interval
/// that has begun or may have commitments keeps its tariff.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`],
/// [`ContractError::TariffTooEarly`].
pub fn set(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    from: u32,
    tariff: Tariff,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    check(&tariff, config.limits())?;
    let books = BOOKS.may_load(deps.storage, BOOKS_KEY)?.unwrap_or_default();
    let now = env.block.time.seconds();
    let begun = config.timeline().clock.interval_at(now);
    let after_present = begun.map_or(0, |Interval(now)| now.saturating_add(1));
    let earliest = books.committed_until.max(after_present);
    if from < earliest {
        return Err(ContractError::TariffTooEarly { from, earliest });
    }
    TARIFFS.save(deps.storage, from, &tariff)?;
    Ok(Response::new()
        .add_attribute(ACTION, "tariff_set")
        .add_attribute("from", from.to_string())
        .add_attribute("tariff", to_json_string(&tariff)?))
}

/// Checks every number of a tariff.
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn check(tariff: &Tariff, limits: &Limits) -> Result<(), ContractError> {
    within("tariff.terms", tariff.terms.len(), 1, MAX_TERMS)?;
    within("tariff.imbalance_bps", tariff.imbalance_bps, 0, 10_000)?;
    let largest = limits.price.u64();
    let price = |field, value: i64| {
        if value.unsigned_abs() <= largest {
            return Ok(());
        }
        let expected = format!("at most {largest} either way");
        Err(invalid::<ContractError>(field, &value, &expected))
    };
    for term in &tariff.terms {
        match term {
            Term::Dlmp {} => {}
            Term::Flat { price: flat } => price("tariff.flat.price", flat.i64())?,
            Term::TimeOfUse { prices } => {
                within("tariff.time_of_use.prices", prices.len(), 1, MAX_SLOTS)?;
                for slot in prices {
                    price("tariff.time_of_use.prices", slot.i64())?;
                }
            }
            Term::Demand { price } => {
                within("tariff.demand.price", price.u64(), 0, largest)?;
            }
        }
    }
    Ok(())
}

/// The tariff of an interval and the first interval it holds for.
///
/// # Errors
/// Only those of storage.
pub fn at(storage: &dyn Storage, interval: u32) -> Result<(u32, Tariff), ContractError> {
    let end = Some(Bound::inclusive(interval));
    let mut found = TARIFFS.range(storage, None, end, Order::Descending);
    let missing = || StdError::msg("tariff missing from storage");
    Ok(found.next().ok_or_else(missing)??)
}

/// Tariffs as the rule takes them, read once for every stretch of intervals.
#[derive(Default)]
pub struct Tariffs {
    held: Option<Held>,
}

struct Held {
    from: u32,
    /// First interval of the next tariff.
    until: Option<u32>,
    tariff: rule::Tariff,
}

impl Tariffs {
    /// The tariff of an interval.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn get(
        &mut self,
        storage: &dyn Storage,
        interval: u32,
    ) -> Result<&rule::Tariff, ContractError> {
        let holds =
            |held: &Held| held.from <= interval && held.until.is_none_or(|until| interval < until);
        let held = match self.held.take().filter(holds) {
            Some(held) => held,
            None => read(storage, interval)?,
        };
        Ok(&self.held.insert(held).tariff)
    }
}

fn read(storage: &dyn Storage, interval: u32) -> Result<Held, ContractError> {
    let (from, tariff) = at(storage, interval)?;
    let next = Some(Bound::exclusive(interval));
    let until = TARIFFS
        .keys(storage, next, None, Order::Ascending)
        .next()
        .transpose()?;
    let broken = || StdError::msg("stored tariff is out of range");
    Ok(Held {
        from,
        until,
        tariff: tariff.rule().ok_or_else(broken)?,
    })
}
