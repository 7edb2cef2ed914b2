//! What a participant is asked, and its duals.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::consensus::{dual, member_copy, target};
use gridweave_units::Fx;

use super::group::slice;
use super::memberships;
use super::store::{W, aggregate_in, coupling, load_group};
use crate::state::ParticipantKey;

/// Projected copies `z̃` of a participant in `round`, in the order of its answer.
pub fn copies(storage: &dyn Storage, key: ParticipantKey, round: u32) -> StdResult<Vec<Fx>> {
    let w = W.load(storage, key)?;
    let mut copies = Vec::with_capacity(w.len());
    for place in memberships(storage, key)? {
        let group_key = (key.0, place.group);
        let group = load_group(storage, group_key)?;
        let aggregate = aggregate_in(storage, group_key, &group, round)?;
        let coupling = coupling(group.projection);
        let sign = coupling.sign(place.position as usize);
        let own = &w[slice(&place, &group)];
        copies.extend(member_copy(coupling, sign, &aggregate, own));
    }
    Ok(copies)
}

/// Targets `c = z̃ − ξ/ρ` of a participant in `round`, M(15).
pub fn targets(storage: &dyn Storage, key: ParticipantKey, round: u32) -> StdResult<Vec<Fx>> {
    let copies = copies(storage, key, round)?;
    Ok(target(&copies, &W.load(storage, key)?))
}

/// Duals `ξ` of a participant in `round`, M(17).
pub fn duals(
    storage: &dyn Storage,
    key: ParticipantKey,
    round: u32,
    rho: Fx,
) -> StdResult<Vec<Fx>> {
    let copies = copies(storage, key, round)?;
    Ok(dual(&copies, &W.load(storage, key)?, rho))
}
