//! Consensus mode: groups of shared numbers, M(13)–M(19), Y(14)–Y(17).
//!
//! Work per submission does not grow with the number of participants: a submission touches the
//! participant's own `w` and last answer, and the sums of its own groups. The first submission of a
//! round in a group freezes the group's copy from the sum of the previous round.

mod anderson;
mod assignment;
mod group;
mod lazy;
mod store;
mod trades;

use cosmwasm_std::{StdResult, Storage};
use gridweave_types::coordinator::{ConsensusConfig, RoundRecord, SessionConfig};
use gridweave_units::Fx;

pub use assignment::{copies, duals, targets};
pub use group::{join, replace};
pub use store::{ANSWER, GROUPS};
pub use trades::trades;

use crate::error::ContractError;
use crate::round::Closed;
use crate::state::{ParticipantKey, SessionId, Status, Tally};
use crate::submit::{Submission, Verdict};

/// Starts a participant at its baseline: `w = x̃`, `ξ = 0` where the baselines agree.
pub fn add_participant(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    baseline: &[Fx],
    shared: usize,
) {
    store::W.save(storage, key, &baseline[..shared]);
    ANSWER.save(storage, key, baseline);
}

/// Checks what only complete sessions can show, and prepares accelerated sessions.
pub fn open(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    mode: &ConsensusConfig,
) -> Result<(), ContractError> {
    if mode.anderson_memory == 0 {
        return Ok(());
    }
    anderson::open(storage, session, status)
}

/// Takes an answer within bounds.
pub fn accept(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    mode: &ConsensusConfig,
    submission: &Submission,
    tally: &mut Tally,
) -> Result<Verdict, ContractError> {
    if mode.anderson_memory == 0 {
        return lazy::accept(storage, config, mode, submission, tally);
    }
    anderson::accept(storage, submission)
}

/// Closes a round.
pub fn close(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    mode: &ConsensusConfig,
) -> Result<Closed, ContractError> {
    let (primal, dual) = if mode.anderson_memory == 0 {
        (tally.primal, tally.dual)
    } else {
        anderson::close(storage, session, status, mode)?
    };
    let everyone = tally.accepted == status.active();
    // Lazy residuals of a round are complete when the next one has heard everyone.
    let first = mode.anderson_memory == 0 && status.round == 1;
    Ok(Closed {
        record: RoundRecord {
            round: status.round,
            received: tally.received,
            missed: status.active().saturating_sub(tally.received),
            primal: primal.sqrt(),
            dual: dual.sqrt(),
            rho: mode.rho,
            cost: None,
            violation: None,
            bound: None,
            gap: None,
        },
        complete: everyone && !first,
        // Silent participants show when they return or are pointed at.
        silent: Vec::new(),
        replaced: Vec::new(),
        confirmed: None,
    })
}

/// Removes the working state of a participant; its last answer stays as the schedule.
pub fn clear(storage: &mut dyn Storage, key: ParticipantKey) {
    store::W.remove(storage, key);
    store::MEMBERSHIPS.remove(storage, key);
}

/// Memberships of a participant.
fn memberships(
    storage: &dyn Storage,
    key: ParticipantKey,
) -> StdResult<Vec<crate::state::Membership>> {
    Ok(store::MEMBERSHIPS
        .may_load(storage, key)?
        .unwrap_or_default())
}
