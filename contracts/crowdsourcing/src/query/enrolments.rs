//! Queries about who takes part.

use cosmwasm_std::{Deps, Order, StdResult};
use cw_storage_plus::Bound;
use gridweave_types::crowdsourcing::{EnrolmentResponse, EnrolmentsResponse, WillingnessResponse};
use gridweave_types::page::clamp_limit;

use super::page_start;
use crate::enrolment::find_text;
use crate::error::ContractError;
use crate::state::{ANSWERS, CONFIG, ENROLMENTS, Enrolment};

/// One enrolment.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn one(deps: Deps, account: &str) -> Result<EnrolmentResponse, ContractError> {
    Ok(show(find_text(deps.api, deps.storage, account)?.1))
}

/// One page.
///
/// # Errors
/// Malformed or unknown `start_after`.
pub fn page(
    deps: Deps,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<EnrolmentsResponse, ContractError> {
    let start = page_start(deps, start_after)?.map(Bound::exclusive);
    let rows = ENROLMENTS.range(deps.storage, start, None, Order::Ascending);
    let rows = rows.take(clamp_limit(limit));
    let enrolments = rows.map(|row| Ok(show(row?.1)));
    Ok(EnrolmentsResponse {
        enrolments: enrolments.collect::<StdResult<_>>()?,
    })
}

/// Willingness of an account.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn willingness(deps: Deps, account: &str) -> Result<WillingnessResponse, ContractError> {
    let (id, enrolment) = find_text(deps.api, deps.storage, account)?;
    let limit = CONFIG.load(deps.storage)?.incentive_limit.u64();
    let record = ANSWERS.may_load(deps.storage, id)?.unwrap_or_default();
    let evidence = record.evidence();
    let willingness = evidence.willingness(limit);
    let weights = evidence.accepted.into_iter().zip(evidence.refused);
    Ok(WillingnessResponse {
        account: enrolment.account,
        answers: evidence.answers,
        rates: evidence.rates().to_vec(),
        eta: willingness.eta,
        zeta: willingness.zeta.into(),
        reservation: willingness.reservation.into(),
        evidence: weights.collect(),
    })
}

fn show(enrolment: Enrolment) -> EnrolmentResponse {
    EnrolmentResponse {
        account: enrolment.account,
        kind: enrolment.kind,
        devices: enrolment.devices,
        state: enrolment.state,
    }
}
