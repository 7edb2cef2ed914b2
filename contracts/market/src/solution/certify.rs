//! The certificate of a solution against the book of the moment.

use cosmwasm_std::{Order, StdResult, Storage};
use gridweave_rules::market::certificate::{Lift, ratio};
use gridweave_rules::market::{Certificate, FeederLimits};
use gridweave_types::market::ConfigResponse;
use gridweave_units::Interval;

use crate::error::ContractError;
use crate::state::{FEEDERS, OFFER_PAGES, OFFERS};

/// Upper bound of the objective over the open offers, at most [`gridweave_types::market::MAX_BOOK`],
/// and the objective's ratio to it (parts per million).
///
/// # Errors
/// [`ContractError::Certificate`], [`ContractError::Lift`].
pub fn certify(
    storage: &dyn Storage,
    config: &ConfigResponse,
    next: u32,
    objective: i128,
    bytes: &[u8],
) -> Result<(u128, u32), ContractError> {
    let certificate = Certificate::from_bytes(bytes)?;
    let mut feeders = std::collections::BTreeMap::new();
    for duals in certificate.intervals.iter().flat_map(|t| &t.feeders) {
        if let std::collections::btree_map::Entry::Vacant(free) = feeders.entry(duals.feeder) {
            free.insert(FEEDERS.may_load(storage, duals.feeder)?);
        }
    }
    let limits = |feeder: u32| {
        let limits = feeders.get(&feeder).cloned().flatten();
        limits.map(FeederLimits::from)
    };
    let objective_rule = config.objective.into();
    let mut lift = Lift::new(&certificate, objective_rule, Interval(next), limits)?;
    let pages = OFFER_PAGES.keys(storage, None, None, Order::Ascending);
    let pages = pages.collect::<StdResult<Vec<u32>>>()?;
    for page in pages {
        let records = OFFERS.may_load(storage, page)?.unwrap_or_default();
        for record in records.iter().filter(|record| record.is_open()) {
            lift.add(&record.offer()?)?;
        }
    }
    let bound = lift.bound();
    Ok((bound, ratio(objective, bound)))
}
