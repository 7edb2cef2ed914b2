//! Day-ahead contracts of generators and Type 1, line 3 of algorithm 1: agreements.
//!
//! An agreement is signed by its account's message. One for a day may be signed ahead: by preferences
//! within which setpoints and rate lie. Longer ones always need the account's own message.

mod answer;
mod apply;
mod commit;
mod propose;

use cosmwasm_std::{Env, Storage};
use gridweave_types::crowdsourcing::{AgreementState, ConfigResponse};

pub use answer::{accept, decline};
pub use apply::apply;
pub use propose::propose;

use crate::clock;
use crate::error::{ContractError, missing};
use crate::state::{AGREEMENTS, Agreement};

/// An agreement.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn load(storage: &dyn Storage, agreement: u64) -> Result<Agreement, ContractError> {
    let found = AGREEMENTS.may_load(storage, agreement)?;
    found.ok_or_else(|| missing("agreement", agreement))
}

/// Where an agreement stands at a time (unix seconds): a proposal ends when its first interval begins,
/// one in force with its last.
pub fn state_at(config: &ConfigResponse, agreement: &Agreement, now: u64) -> AgreementState {
    use AgreementState::{Accepted, Declined, Expired, Proposed};
    let over = |interval: u32| now >= clock::begin(config, interval);
    match agreement.state {
        Proposed if over(agreement.first) => Expired,
        Accepted if over(agreement.last.saturating_add(1)) => Expired,
        state @ (Proposed | Accepted | Declined | Expired) => state,
    }
}

/// Checks where an agreement stands.
fn require_state(
    config: &ConfigResponse,
    (number, agreement): (u64, &Agreement),
    env: &Env,
    (state, expected): (AgreementState, &'static str),
) -> Result<(), ContractError> {
    let found = state_at(config, agreement, env.block.time.seconds());
    if found == state {
        return Ok(());
    }
    Err(ContractError::WrongState {
        what: format!("agreement {number}"),
        state: match found {
            AgreementState::Proposed => "proposed",
            AgreementState::Accepted => "accepted",
            AgreementState::Declined => "declined",
            AgreementState::Expired => "expired",
        },
        expected,
    })
}
