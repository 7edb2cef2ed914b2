//! Who takes part: the operator is the paper's certificate authority.

mod decide;
mod enrol;
mod revoke;

use cosmwasm_std::{Addr, Api, QuerierWrapper, Storage};
use gridweave_types::address::parse;
use gridweave_types::crowdsourcing::{ConfigResponse, EnrolmentState, Kind};
use gridweave_types::grid;

pub use decide::{approve, refuse};
pub use enrol::enrol;
pub use revoke::revoke;

use crate::authority::register;
use crate::error::{ContractError, missing};
use crate::state::{AccountId, ENROLMENTS, Enrolment, NUMBERS};

/// Number and enrolment of an account that has asked to take part.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn find(
    storage: &dyn Storage,
    account: &Addr,
) -> Result<(AccountId, Enrolment), ContractError> {
    let id = NUMBERS.may_load(storage, account)?;
    let id = id.ok_or_else(|| missing("enrolment", account))?;
    Ok((id, ENROLMENTS.load(storage, id)?))
}

/// The same for an address in a message.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::Missing`].
pub fn find_text(
    api: &dyn Api,
    storage: &dyn Storage,
    account: &str,
) -> Result<(AccountId, Enrolment), ContractError> {
    find(storage, &parse(api, "account", account)?)
}

/// Somebody who takes part.
pub struct Member {
    /// Number of the account.
    pub id: AccountId,
    /// Its address.
    pub account: Addr,
    /// Its feeder, as `grid` says now.
    pub feeder: u32,
}

/// Lets only those pass who are enrolled as one of `kinds` and registered in `grid`.
///
/// # Errors
/// [`ContractError::NotEnrolled`], [`ContractError::NotRegistered`].
pub fn require(
    storage: &dyn Storage,
    querier: QuerierWrapper,
    config: &ConfigResponse,
    account: &Addr,
    (kinds, expected): (&[Kind], &'static str),
) -> Result<Member, ContractError> {
    let refused = || ContractError::NotEnrolled {
        account: account.clone(),
        expected,
    };
    let (id, enrolment) = find(storage, account).map_err(|_| refused())?;
    if enrolment.state != EnrolmentState::Enrolled || !kinds.contains(&enrolment.kind) {
        return Err(refused());
    }
    let known: grid::Account = register(querier, config).account(account)?;
    Ok(Member {
        id,
        account: enrolment.account,
        feeder: known.feeder,
    })
}

/// Anybody enrolled.
pub const ANY: (&[Kind], &str) = (
    &[Kind::Type1, Kind::Type2, Kind::Generator],
    "a crowdsourcee",
);
/// Who answers tasks.
pub const TYPE_2: (&[Kind], &str) = (&[Kind::Type2], "type 2");
/// Who makes agreements.
pub const AHEAD: (&[Kind], &str) = (&[Kind::Type1, Kind::Generator], "type 1 or a generator");
/// Who supplements.
pub const GENERATOR: (&[Kind], &str) = (&[Kind::Generator], "a generator");

/// In words.
pub const fn state_name(state: EnrolmentState) -> &'static str {
    match state {
        EnrolmentState::Requested => "requested",
        EnrolmentState::Enrolled => "enrolled",
        EnrolmentState::Refused => "refused",
        EnrolmentState::Revoked => "revoked",
    }
}

/// The error of an enrolment that stands elsewhere.
fn wrong_state(enrolment: &Enrolment, expected: &'static str) -> ContractError {
    ContractError::WrongState {
        what: format!("enrolment of {}", enrolment.account),
        state: state_name(enrolment.state),
        expected,
    }
}
