//! The accelerated session: few large agents, updated together when a round closes.

use cosmwasm_std::{StdResult, Storage};
use cw_storage_plus::Map;
use gridweave_rules::consensus::{Anderson, aggregate, shift};
use gridweave_rules::distance_squared;
use gridweave_types::coordinator::{ConsensusConfig, MAX_ANDERSON_NUMBERS};
use gridweave_units::{Acc, Fx};

use super::assignment::copies;
use super::group::{add_to_sum, slice};
use super::memberships;
use super::store::{AGGREGATE, ANSWER, FROZEN_IN, GROUPS, PINNED, SUM, W, load_group};
use crate::error::ContractError;
use crate::packed::PackedMap;
use crate::state::{PARTICIPANTS, SessionId, Status, missing};
use crate::submit::{Submission, Verdict};

/// History of the accelerator: session, kind and age.
const MEMORY: PackedMap<(SessionId, u32)> = PackedMap::new("anderson");
/// Entries in the history and norm of the last accepted step.
const HEAD: Map<SessionId, Head> = Map::new("anderson_head");

/// Key offsets of the parts of the history.
const ITERATES: u32 = 0;
const STEPS: u32 = 100;
const FALLBACK: u32 = 200;

#[cosmwasm_schema::cw_serde]
#[derive(Default)]
struct Head {
    entries: u32,
    last_norm: Option<Fx>,
    has_fallback: bool,
}

/// Freezes the aggregates of round 1.
pub fn open(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
) -> Result<(), ContractError> {
    let mut numbers: u32 = 0;
    for participant in 0..status.participants {
        let info = PARTICIPANTS
            .may_load(storage, (session, participant))?
            .ok_or_else(|| missing("participant"))?;
        numbers = numbers.saturating_add(info.shared);
        if numbers > MAX_ANDERSON_NUMBERS {
            return Err(ContractError::parameter(
                "anderson_memory",
                format!("a session of more than {numbers} shared numbers"),
                "0 in sessions with more than 8192 shared numbers",
            ));
        }
    }
    HEAD.save(storage, session, &Head::default())?;
    freeze_all(storage, session, status, 1)?;
    Ok(())
}

/// Keeps the answer until the round closes. Accelerated targets do not follow from stored state,
/// so the monotonicity check does not apply; bounds do.
pub fn accept(
    storage: &mut dyn Storage,
    submission: &Submission,
) -> Result<Verdict, ContractError> {
    let key = (submission.session, submission.participant);
    ANSWER.save(storage, key, &submission.answers[0]);
    Ok(Verdict::Accepted {
        claim: Fx::ZERO,
        confirmed: None,
    })
}

/// Moves every `w` by the accelerated step; returns `(‖r‖², ‖s‖²)` of this round, M(18).
pub fn close(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    mode: &ConsensusConfig,
) -> Result<(Acc, Acc), ContractError> {
    let (mut w, mut g, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for participant in 0..status.participants {
        let key = (session, participant);
        let own = W.load(storage, key)?;
        let z = copies(storage, key, status.round)?;
        g.extend(shift(&ANSWER.load(storage, key)?, &z, mode.relaxation));
        lengths.push(own.len());
        w.extend(own);
    }
    let mut accelerator = load(storage, session)?;
    let step = accelerator.advance(&w, &g, mode.anderson_memory as usize);
    save(storage, session, &accelerator)?;
    let mut rest = step.next.as_slice();
    for (participant, &length) in lengths.iter().enumerate() {
        let (own, next) = rest.split_at(length);
        rest = next;
        move_to(storage, (session, participant as u32), own)?;
    }
    let dual = freeze_all(storage, session, status, status.round + 1)?;
    let mut primal = Acc::ZERO;
    for participant in 0..status.participants {
        let key = (session, participant);
        let z = copies(storage, key, status.round + 1)?;
        let answer = ANSWER.load(storage, key)?;
        primal.add(distance_squared(&answer[..z.len()], &z));
    }
    Ok((primal, dual))
}

/// Sets a participant's `w`, and its groups' sums with it.
fn move_to(storage: &mut dyn Storage, key: (SessionId, u32), next: &[Fx]) -> StdResult<()> {
    let before = W.load(storage, key)?;
    let moves = gridweave_rules::difference(next, &before);
    for place in memberships(storage, key)? {
        let group_key = (key.0, place.group);
        let group = load_group(storage, group_key)?;
        let own = slice(&place, &group);
        add_to_sum(storage, group_key, &group, &place, &moves[own])?;
    }
    W.save(storage, key, next);
    Ok(())
}

/// Freezes every group for `round`; returns the squared change of all aggregates.
fn freeze_all(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    round: u32,
) -> StdResult<Acc> {
    let mut change = Acc::ZERO;
    for index in 0..status.groups {
        let key = (session, index);
        if FROZEN_IN.may_load(storage, key)? == Some(PINNED) {
            continue;
        }
        let group = GROUPS
            .may_load(storage, key)?
            .ok_or_else(|| missing("group"))?;
        let now = aggregate(&SUM.load(storage, key)?, group.members.max(1));
        if let Some(before) = AGGREGATE.may_load(storage, key)? {
            change.add(distance_squared(&now, &before));
        }
        AGGREGATE.save(storage, key, &now);
        FROZEN_IN.save(storage, key, &round)?;
    }
    Ok(change)
}

fn load(storage: &dyn Storage, session: SessionId) -> StdResult<Anderson> {
    let head = HEAD.load(storage, session)?;
    let part = |offset: u32| -> StdResult<Vec<Vec<Fx>>> {
        (0..head.entries)
            .map(|age| MEMORY.load(storage, (session, offset + age)))
            .collect()
    };
    Ok(Anderson {
        iterates: part(ITERATES)?,
        steps: part(STEPS)?,
        fallback: head
            .has_fallback
            .then(|| MEMORY.load(storage, (session, FALLBACK)))
            .transpose()?,
        last_norm: head.last_norm,
    })
}

fn save(storage: &mut dyn Storage, session: SessionId, memory: &Anderson) -> StdResult<()> {
    for (age, values) in (0..).zip(&memory.iterates) {
        MEMORY.save(storage, (session, ITERATES + age), values);
    }
    for (age, values) in (0..).zip(&memory.steps) {
        MEMORY.save(storage, (session, STEPS + age), values);
    }
    if let Some(fallback) = &memory.fallback {
        MEMORY.save(storage, (session, FALLBACK), fallback);
    }
    let head = Head {
        entries: memory.iterates.len() as u32,
        last_norm: memory.last_norm,
        has_fallback: memory.fallback.is_some(),
    };
    HEAD.save(storage, session, &head)
}
