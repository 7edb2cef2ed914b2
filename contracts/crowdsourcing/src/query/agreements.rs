//! Queries about agreements.

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint64};
use cw_storage_plus::Bound;
use gridweave_types::crowdsourcing::{AgreementResponse, AgreementsResponse, BookingResponse};
use gridweave_types::page::clamp_limit;

use super::number;
use crate::agreement::{load, state_at};
use crate::clock;
use crate::error::ContractError;
use crate::state::{ACCOUNT_AGREEMENTS, AGREEMENTS, Agreement, BOOKINGS, CONFIG, ENROLMENTS};

/// One agreement.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn one(deps: Deps, env: &Env, agreement: u64) -> Result<AgreementResponse, ContractError> {
    show(deps, env, agreement, load(deps.storage, agreement)?)
}

/// One page.
///
/// # Errors
/// Only those of storage.
pub fn page(
    deps: Deps,
    env: &Env,
    start_after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<AgreementsResponse, ContractError> {
    let start = start_after.map(|after| Bound::exclusive(after.u64()));
    let rows = AGREEMENTS.range(deps.storage, start, None, Order::Ascending);
    let rows = rows.take(clamp_limit(limit));
    let agreements = rows.map(|row| {
        let (agreement, found) = row?;
        show(deps, env, agreement, found)
    });
    Ok(AgreementsResponse {
        agreements: agreements.collect::<Result<_, _>>()?,
    })
}

/// One page of an account's agreements.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn of_account(
    deps: Deps,
    env: &Env,
    account: &str,
    start_after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<AgreementsResponse, ContractError> {
    let id = number(deps.api, deps.storage, "account", account)?;
    let start = start_after.map(|after| Bound::exclusive(after.u64()));
    let keys = ACCOUNT_AGREEMENTS.prefix(id);
    let keys = keys.keys(deps.storage, start, None, Order::Ascending);
    let keys = keys
        .take(clamp_limit(limit))
        .collect::<StdResult<Vec<u64>>>()?;
    let agreements = keys.into_iter().map(|agreement| one(deps, env, agreement));
    Ok(AgreementsResponse {
        agreements: agreements.collect::<Result<_, _>>()?,
    })
}

/// What agreements and supplements have promised for an account in an interval; nothing where there
/// are none.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`] accounts.
pub fn booking(deps: Deps, account: &str, interval: u32) -> Result<BookingResponse, ContractError> {
    let id = number(deps.api, deps.storage, "account", account)?;
    let found = BOOKINGS.may_load(deps.storage, (id, interval))?;
    let found = found.unwrap_or_default();
    Ok(BookingResponse {
        agreement: (found.agreement != 0).then_some(found.agreement),
        agreed: found.agreed.into(),
        supplemented: found.supplemented.into(),
    })
}

fn show(
    deps: Deps,
    env: &Env,
    number: u64,
    agreement: Agreement,
) -> Result<AgreementResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let state = state_at(&config, &agreement, env.block.time.seconds());
    Ok(AgreementResponse {
        agreement: number,
        account: ENROLMENTS.load(deps.storage, agreement.account)?.account,
        programme: agreement.programme,
        rate: agreement.rate.into(),
        term: agreement.term,
        first: agreement.first,
        last: agreement.last,
        export: agreement.export.into(),
        import: agreement.import.into(),
        setpoints: agreement.setpoints,
        until: clock::begin(&config, agreement.first).into(),
        state,
    })
}
