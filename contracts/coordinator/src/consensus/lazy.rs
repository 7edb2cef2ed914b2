//! The plain session: every update happens in the submission that it belongs to.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::checks::{Witness, monotone};
use gridweave_rules::consensus::{aggregate, member_copy, shift, target};
use gridweave_rules::distance_squared;
use gridweave_types::coordinator::{ConsensusConfig, Projection, SessionConfig};
use gridweave_units::{Acc, Fx};

use super::group::{add_to_sum, slice};
use super::memberships;
use super::store::{
    AGGREGATE, ANSWER, FROZEN_IN, GroupKey, PREVIOUS, SUM, W, coupling, load_group,
};
use crate::error::ContractError;
use crate::state::{Group, Membership, Tally};
use crate::submit::{Submission, Verdict};

/// A membership with its group and the copies of this round and the one before.
struct Place {
    membership: Membership,
    group: Group,
    copy: Vec<Fx>,
    previous_copy: Vec<Fx>,
}

/// Brings the participant's groups to this round, checks the answer and moves `w` by it.
pub fn accept(
    storage: &mut dyn Storage,
    config: &SessionConfig,
    mode: &ConsensusConfig,
    submission: &Submission,
    tally: &mut Tally,
) -> Result<Verdict, ContractError> {
    let key = (submission.session, submission.participant);
    let answer = &submission.answers[0];
    let w = W.load(storage, key)?;
    let last = ANSWER.load(storage, key)?;
    let shared = submission.info.shared as usize;
    let places = enter_round(storage, submission, &w, tally)?;
    let copies: Vec<Fx> = places.iter().flat_map(|place| place.copy.clone()).collect();
    if submission.attendance.last_round > 0 {
        // r of M(18): the answer of the last round against the copy that it led to.
        tally.primal.add(distance_squared(&last[..shared], &copies));
    }
    if let Some(tolerance) = config.monotonicity_tolerance
        && submission.round > 1
        && submission.attendance.accepted_round + 1 == submission.round
    {
        let previous: Vec<Fx> = places
            .iter()
            .flat_map(|p| p.previous_copy.clone())
            .collect();
        let before = previous_target(&w, &last, &previous, mode);
        let first = Witness::new(&before, &last[..shared], mode.rho);
        let second = Witness::new(&target(&copies, &w), &answer[..shared], mode.rho);
        if !monotone(&first, &second, tolerance) {
            return Ok(Verdict::Rejected("not monotone".into()));
        }
    }
    let moves = shift(&answer[..shared], &copies, mode.relaxation);
    move_sums(storage, submission, &places, &moves)?;
    for place in places
        .iter()
        .filter(|p| p.group.projection == Projection::SumZero)
    {
        // A bound on s of M(18): projections do not lengthen a change of answers.
        let own = slice(&place.membership, &place.group);
        tally
            .dual
            .add(distance_squared(&answer[own.clone()], &last[own]));
    }
    let mut moved = w;
    gridweave_rules::add_scaled(&mut moved, Fx::ONE, &moves);
    W.save(storage, key, &moved);
    ANSWER.save(storage, key, answer);
    Ok(Verdict::Accepted {
        claim: Fx::ZERO,
        confirmed: None,
    })
}

/// Adds the change of `w` to the sums of the participant's groups.
fn move_sums(
    storage: &mut dyn Storage,
    submission: &Submission,
    places: &[Place],
    moves: &[Fx],
) -> StdResult<()> {
    for Place {
        membership, group, ..
    } in places
    {
        let key = (submission.session, membership.group);
        add_to_sum(
            storage,
            key,
            group,
            membership,
            &moves[slice(membership, group)],
        )?;
    }
    Ok(())
}

/// Freezes each of the participant's groups for this round if nobody has yet.
fn enter_round(
    storage: &mut dyn Storage,
    submission: &Submission,
    w: &[Fx],
    tally: &mut Tally,
) -> Result<Vec<Place>, ContractError> {
    let key = (submission.session, submission.participant);
    let mut places = Vec::new();
    for membership in memberships(storage, key)? {
        let group_key = (submission.session, membership.group);
        let group = load_group(storage, group_key)?;
        let changed = freeze(storage, group_key, &group, submission.round)?;
        if group.projection != Projection::SumZero {
            // s of M(18), once per group and round.
            tally.dual.add(changed);
        }
        let coupling = coupling(group.projection);
        let sign = coupling.sign(membership.position as usize);
        let own = &w[slice(&membership, &group)];
        let copy = |aggregate: &[Fx]| member_copy(coupling, sign, aggregate, own);
        places.push(Place {
            copy: copy(&AGGREGATE.load(storage, group_key)?),
            previous_copy: copy(&PREVIOUS.load(storage, group_key)?),
            membership,
            group,
        });
    }
    Ok(places)
}

/// Freezes the aggregate for `round`; returns `‖z − z_before‖²`, 0 if it was frozen already.
fn freeze(storage: &mut dyn Storage, key: GroupKey, group: &Group, round: u32) -> StdResult<Acc> {
    let frozen = FROZEN_IN.may_load(storage, key)?.unwrap_or_default();
    if frozen >= round {
        return Ok(Acc::ZERO);
    }
    let now = aggregate(&SUM.load(storage, key)?, group.members.max(1));
    let before = AGGREGATE
        .may_load(storage, key)?
        .unwrap_or_else(|| now.clone());
    AGGREGATE.save(storage, key, &now);
    PREVIOUS.save(storage, key, &before);
    FROZEN_IN.save(storage, key, &round)?;
    Ok(distance_squared(&now, &before))
}

/// The target of the last round, from what is stored: `c = 2z − w_before` with
/// `w_before = w − α(x − z)`.
fn previous_target(w: &[Fx], last: &[Fx], copies: &[Fx], mode: &ConsensusConfig) -> Vec<Fx> {
    let moves = shift(&last[..w.len()], copies, mode.relaxation);
    (0..w.len())
        .map(|i| copies[i] + copies[i] - (w[i] - moves[i]))
        .collect()
}
