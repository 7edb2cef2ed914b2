//! Joining groups, and what becomes of a group when a member is replaced.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::add_scaled;
use gridweave_types::coordinator::{MAX_MEMBERSHIPS, Projection};
use gridweave_units::Fx;

use super::memberships;
use super::store::{
    AGGREGATE, ANSWER, FROZEN_IN, GROUPS, GroupKey, MEMBERSHIPS, PINNED, PREVIOUS, SUM, W,
    coupling, load_group,
};
use crate::error::ContractError;
use crate::state::{BASELINE, Group, Membership, ParticipantKey, load_participant};

/// Adds a participant's next numbers to a group.
pub fn join(
    storage: &mut dyn Storage,
    key: GroupKey,
    group: &mut Group,
    participant: u32,
) -> Result<(), ContractError> {
    let member = (key.0, participant);
    let info = load_participant(storage, member)?;
    let mut joined = memberships(storage, member)?;
    let offset = taken(storage, key, &joined, group)?;
    let left = info.shared.saturating_sub(offset);
    if left < group.size {
        return Err(ContractError::GroupTooLarge {
            participant,
            left,
            needed: group.size,
        });
    }
    if joined.len() >= MAX_MEMBERSHIPS || joined.iter().any(|place| place.group == key.1) {
        let value = format!("participant {participant}");
        return Err(ContractError::parameter(
            "group.members",
            value,
            "each participant once per group, in at most 200 groups",
        ));
    }
    let place = Membership {
        group: key.1,
        position: group.members,
        offset,
    };
    let w = W.load(storage, member)?;
    add_to_sum(storage, key, group, &place, &w[slice(&place, group)])?;
    joined.push(place);
    MEMBERSHIPS.save(storage, member, &joined)?;
    group.members += 1;
    Ok(())
}

/// Numbers of a participant that earlier groups already couple.
fn taken(
    storage: &dyn Storage,
    key: GroupKey,
    joined: &[Membership],
    group: &Group,
) -> StdResult<u32> {
    let Some(last) = joined.last() else {
        return Ok(0);
    };
    let size = if last.group == key.1 {
        group.size
    } else {
        load_group(storage, (key.0, last.group))?.size
    };
    Ok(last.offset + size)
}

/// The numbers of a participant that belong to a group.
pub fn slice(place: &Membership, group: &Group) -> std::ops::Range<usize> {
    let start = place.offset as usize;
    start..start + group.size as usize
}

/// Adds the signed `values` of a member to the group's sum.
pub fn add_to_sum(
    storage: &mut dyn Storage,
    key: GroupKey,
    group: &Group,
    place: &Membership,
    values: &[Fx],
) -> StdResult<()> {
    let mut sum = SUM.load(storage, key)?;
    sum.resize(group.size as usize, Fx::ZERO);
    let sign = coupling(group.projection).sign(place.position as usize);
    add_scaled(&mut sum, sign, values);
    SUM.save(storage, key, &sum);
    Ok(())
}

/// Replaces a silent participant by its baseline: `Average` and `Opposite` groups are pinned to
/// it, `SumZero` groups keep it as a fixed term.
pub fn replace(storage: &mut dyn Storage, key: ParticipantKey) -> Result<(), ContractError> {
    let baseline = BASELINE.load(storage, key)?;
    let w = W.load(storage, key)?;
    for place in memberships(storage, key)? {
        let group_key = (key.0, place.group);
        let mut group = load_group(storage, group_key)?;
        let own = slice(&place, &group);
        match group.projection {
            Projection::SumZero => {
                let step = gridweave_rules::difference(&baseline[own.clone()], &w[own]);
                add_to_sum(storage, group_key, &group, &place, &step)?;
                group.members = group.members.saturating_sub(1);
                GROUPS.save(storage, group_key, &group)?;
            }
            Projection::Average | Projection::Opposite => {
                pin(storage, group_key, &group, &place, &baseline[own])?;
            }
        }
    }
    ANSWER.save(storage, key, &baseline);
    Ok(())
}

/// Fixes a group at a member's baseline; the first pin stays.
fn pin(
    storage: &mut dyn Storage,
    key: GroupKey,
    group: &Group,
    place: &Membership,
    baseline: &[Fx],
) -> StdResult<()> {
    if FROZEN_IN.may_load(storage, key)? == Some(PINNED) {
        return Ok(());
    }
    let sign = coupling(group.projection).sign(place.position as usize);
    let aggregate: Vec<Fx> = baseline.iter().map(|&value| sign * value).collect();
    AGGREGATE.save(storage, key, &aggregate);
    PREVIOUS.save(storage, key, &aggregate);
    FROZEN_IN.save(storage, key, &PINNED)
}
