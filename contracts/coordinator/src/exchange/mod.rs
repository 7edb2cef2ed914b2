//! Exchange mode: net injections against the network inside the contract.

mod accept;
mod admm;
mod close;
mod combination;
mod context;
mod convert;
mod finish;
mod open;
mod read;
mod silence;
mod step;
mod store;
mod support;

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::exchange::Answer;
use gridweave_types::coordinator::{ParticipantInput, SessionConfig};
use gridweave_units::{Fx, unpack};

pub use accept::accept;
pub use close::{certified_gap, close};
pub use combination::submit_combination;
pub use convert::rhos;
pub use finish::freeze;
pub use open::open;
pub use read::{answers, network, prices, prices_of, schedule_of};
pub use silence::reset_to_baseline;
pub use store::{Assigned, CANDIDATE, STATE, slots_in};

use crate::error::ContractError;
use crate::state::{ParticipantInfo, ParticipantKey};

/// Stores a participant's reactive injection and its baseline as answer 0.
pub fn add_participant(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    config: &SessionConfig,
    info: &ParticipantInfo,
    input: &ParticipantInput,
    baseline: Vec<Fx>,
) -> Result<(), ContractError> {
    let reactive = unpack(&input.reactive, config.horizon as usize)
        .map_err(ContractError::packed("reactive"))?;
    store::REACTIVE.save(storage, key, &reactive);
    let answer = Answer {
        injection: baseline,
        cost: info.baseline_cost,
    };
    store::save_answer(storage, (key.0, key.1, 0), &answer);
    Ok(())
}

/// What a participant is asked in the current round.
pub fn assigned(storage: &dyn Storage, key: ParticipantKey) -> StdResult<Assigned> {
    store::load_assigned(storage, key)
}

/// Reactive injection of a participant.
pub fn reactive(storage: &dyn Storage, key: ParticipantKey) -> StdResult<Vec<Fx>> {
    store::REACTIVE.load(storage, key)
}

/// Removes the working state of a participant; the candidate's schedule stays.
pub fn clear(storage: &mut dyn Storage, key: ParticipantKey) {
    for slot in 0..gridweave_types::coordinator::MAX_MEMORY {
        store::remove_answer(storage, (key.0, key.1, slot));
    }
    store::ASSIGNED.remove(storage, key);
}
