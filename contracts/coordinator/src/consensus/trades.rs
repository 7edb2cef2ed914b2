//! Cleared trades of participants that are coupled in pairs, Y(16) and Y(17).

use cosmwasm_std::{StdResult, Storage};
use gridweave_types::coordinator::Projection;
use gridweave_units::Fx;

use super::group::slice;
use super::memberships;
use super::store::{FROZEN_IN, GroupKey, PINNED, SUM, W, aggregate_in, coupling, load_group};
use crate::state::{Group, Membership, ParticipantKey};

/// What a participant sells to its partners, partner by partner.
#[derive(Debug, Default)]
pub struct Trades {
    /// Cleared sales `p̂`, exact opposites of the partners'.
    pub sales: Vec<Fx>,
    /// Prices `λ`, equal to the partners'.
    pub prices: Vec<Fx>,
}

/// The trades of a participant as of `round`; `None` unless all its shared numbers are coupled in pairs of
/// opposites. Nothing is traded with a participant that was replaced, nor by it.
pub fn trades(
    storage: &dyn Storage,
    key: ParticipantKey,
    round: u32,
    rho: Fx,
) -> StdResult<Option<Trades>> {
    let w = W.load(storage, key)?;
    let mut trades = Trades::default();
    for place in memberships(storage, key)? {
        let group_key = (key.0, place.group);
        let group = load_group(storage, group_key)?;
        if group.projection != Projection::Opposite || group.members != 2 {
            return Ok(None);
        }
        let own = &w[slice(&place, &group)];
        let (sales, prices) = pair(storage, group_key, (&group, &place), own, round)?;
        trades.sales.extend(sales);
        trades
            .prices
            .extend(prices.into_iter().map(|step| rho * step));
    }
    Ok(Some(trades))
}

/// Sales and `λ/ρ` of one member of a pair. Half of the pair's sum may be rounded: the second member
/// takes the remainder away, so that both have the price of the first.
fn pair(
    storage: &dyn Storage,
    key: GroupKey,
    (group, place): (&Group, &Membership),
    w: &[Fx],
    round: u32,
) -> StdResult<(Vec<Fx>, Vec<Fx>)> {
    if FROZEN_IN.may_load(storage, key)? == Some(PINNED) {
        let zeros = vec![Fx::ZERO; w.len()];
        return Ok((zeros.clone(), zeros));
    }
    let half = aggregate_in(storage, key, group, round)?;
    let sum = SUM.load(storage, key)?;
    let sign = coupling(group.projection).sign(place.position as usize);
    let rows = half.iter().zip(&sum).zip(w);
    Ok(rows
        .map(|((&half, &sum), &w)| {
            let remainder = match place.position {
                0 => Fx::ZERO,
                _ => sum - half - half,
            };
            let sold = sign * half;
            (sold, sold - w - remainder)
        })
        .unzip())
}
