//! Queries about classes of permits.

use cosmwasm_std::{Deps, StdResult};
use gridweave_types::assets::{
    ClassResponse, ClassesResponse, IssuedInterval, IssuedResponse, PermitClass, Side,
};
use gridweave_types::page::clamp_limit;

use crate::error::ContractError;
use crate::state::{
    BOOKS, BOOKS_KEY, CLASS_NUMBERS, CLASSES, Class, ClassId, LIMITS, TALLIES, Tally, class_key,
    side_of,
};
use crate::tally::locate;

/// Totals of one class.
///
/// # Errors
/// [`ContractError::NoClass`].
pub fn class(deps: Deps, class: &PermitClass) -> Result<ClassResponse, ContractError> {
    Ok(show(&load(deps, find(deps, class)?)?)?)
}

/// One page of classes.
///
/// # Errors
/// [`ContractError::NoClass`].
pub fn classes(
    deps: Deps,
    start_after: Option<PermitClass>,
    limit: Option<u32>,
) -> Result<ClassesResponse, ContractError> {
    let last = match start_after {
        Some(class) => find(deps, &class)?,
        None => 0,
    };
    let books = BOOKS.may_load(deps.storage, BOOKS_KEY)?.unwrap_or_default();
    let ids = last.saturating_add(1)..=books.classes;
    let classes = ids
        .take(clamp_limit(limit))
        .map(|id| show(&load(deps, id)?));
    Ok(ClassesResponse {
        classes: classes.collect::<StdResult<_>>()?,
    })
}

/// Permits of one side of a feeder, interval by interval.
///
/// # Errors
/// Only those of storage.
pub fn issued(
    deps: Deps,
    feeder: u32,
    side: Side,
    from: u32,
    limit: Option<u32>,
) -> Result<IssuedResponse, ContractError> {
    let mut intervals = Vec::new();
    let mut current: Option<(u32, Tally)> = None;
    for interval in (from..=u32::MAX).take(clamp_limit(limit)) {
        let (block, at) = locate(interval);
        let tally = match current.take() {
            Some((known, tally)) if known == block => tally,
            _ => TALLIES
                .may_load(deps.storage, (feeder, (side_of(side), block)))?
                .unwrap_or_default(),
        };
        intervals.push(IssuedInterval {
            interval,
            energy: tally.get(at).into(),
        });
        current = Some((block, tally));
    }
    let limit = LIMITS.may_load(deps.storage, feeder)?;
    Ok(IssuedResponse {
        limit: limit.map(Into::into),
        intervals,
    })
}

/// Number of a class that has been used.
///
/// # Errors
/// [`ContractError::NoClass`].
pub fn find(deps: Deps, class: &PermitClass) -> Result<ClassId, ContractError> {
    let id = CLASS_NUMBERS.may_load(deps.storage, class_key(class))?;
    id.ok_or(ContractError::NoClass { class: *class })
}

/// A class by its number.
///
/// # Errors
/// Only those of storage.
pub fn load(deps: Deps, id: ClassId) -> StdResult<Class> {
    Ok(CLASSES.may_load(deps.storage, id)?.unwrap_or_default())
}

fn show(class: &Class) -> StdResult<ClassResponse> {
    Ok(ClassResponse {
        class: class.permit()?,
        issued: class.issued.into(),
        narrowed_in: class.narrowed_in.into(),
        narrowed_out: class.narrowed_out.into(),
        free: class.free.into(),
        locked: class.locked.into(),
        consumed: class.consumed.into(),
        expired: class.expired.into(),
        retired: class.retired.into(),
    })
}
