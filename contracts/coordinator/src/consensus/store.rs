//! Storage of the consensus mode.

use cosmwasm_std::{StdResult, Storage};
use cw_storage_plus::Map;
use gridweave_rules::consensus::{Coupling, aggregate};
use gridweave_types::coordinator::Projection;
use gridweave_units::Fx;

use crate::packed::PackedMap;
use crate::state::{Group, Membership, ParticipantKey, SessionId, missing};

/// Session and group.
pub type GroupKey = (SessionId, u32);

/// Groups by index.
pub const GROUPS: Map<GroupKey, Group> = Map::new("groups");
/// Signed sum of the members' `w`: rewritten by each submission.
pub const SUM: PackedMap<GroupKey> = PackedMap::new("group_sum");
/// Round of the frozen aggregate; [`PINNED`] for a group fixed by a replaced member.
pub const FROZEN_IN: Map<GroupKey, u32> = Map::new("group_frozen");
/// Aggregate used in the frozen round.
pub const AGGREGATE: PackedMap<GroupKey> = PackedMap::new("group_aggregate");
/// Aggregate used in the round before.
pub const PREVIOUS: PackedMap<GroupKey> = PackedMap::new("group_previous");
/// `w` of each participant (shared numbers).
pub const W: PackedMap<ParticipantKey> = PackedMap::new("w");
/// Last answer of each participant, reports included; the baseline at first.
pub const ANSWER: PackedMap<ParticipantKey> = PackedMap::new("answer");
/// Memberships of each participant, in order of offset.
pub const MEMBERSHIPS: Map<ParticipantKey, Vec<Membership>> = Map::new("memberships");

/// Round number of a pinned group.
pub const PINNED: u32 = u32::MAX;

/// Loads a group that must exist.
pub fn load_group(storage: &dyn Storage, key: GroupKey) -> StdResult<Group> {
    GROUPS
        .may_load(storage, key)?
        .ok_or_else(|| missing("group"))
}

/// The rule's coupling for a stored projection.
pub fn coupling(projection: Projection) -> Coupling {
    match projection {
        Projection::Average => Coupling::Average,
        Projection::Opposite => Coupling::Opposite,
        Projection::SumZero => Coupling::SumZero,
    }
}

/// The aggregate that holds in `round`: frozen already, or what the sum now implies.
pub fn aggregate_in(
    storage: &dyn Storage,
    key: GroupKey,
    group: &Group,
    round: u32,
) -> StdResult<Vec<Fx>> {
    let frozen = FROZEN_IN.may_load(storage, key)?.unwrap_or_default();
    if frozen >= round {
        return AGGREGATE.load(storage, key);
    }
    Ok(aggregate(&SUM.load(storage, key)?, group.members.max(1)))
}
