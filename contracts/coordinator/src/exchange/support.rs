//! Upper bounds on the participants' best responses, and the lower bound on the optimum that
//! follows from them.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::difference;
use gridweave_rules::exchange::box_support;
use gridweave_types::coordinator::ExchangeConfig;
use gridweave_units::{Acc, Fx};

use super::store::{STATE, load_assigned};
use crate::error::ContractError;
use crate::state::{
    BASELINE, LOWER, PARTICIPANTS, ParticipantKey, SessionId, Status, UPPER, load_attendance,
};

/// Bounds at the prices of the round being closed, one per participant: its claim, what its
/// baseline is worth once replaced, or what was known should it stay silent.
pub fn supports(storage: &dyn Storage, session: SessionId, status: &Status) -> StdResult<Vec<Fx>> {
    (0..status.participants)
        .map(|number| {
            let key = (session, number);
            let attendance = load_attendance(storage, key)?;
            let assigned = load_assigned(storage, key)?;
            if attendance.replaced {
                return worth_of_baseline(storage, key, &assigned.prices);
            }
            Ok(if attendance.accepted_round == status.round {
                attendance.claim
            } else {
                assigned.support
            })
        })
        .collect()
}

/// The best lower bound on the optimum after this round.
pub fn lower_bound(
    storage: &dyn Storage,
    session: SessionId,
    supports: &[Fx],
) -> Result<Option<Fx>, ContractError> {
    let bounds = STATE.load(storage, session)?;
    let Some(base) = bounds.base else {
        return Ok(bounds.best);
    };
    let mut total = Acc::ZERO;
    for &support in supports {
        total.add(Acc::from_fx(support));
    }
    let bound = base - total.to_fx();
    Ok(Some(bounds.best.map_or(bound, |best| best.max(bound))))
}

/// A bound at prices that nobody has answered yet. Without private costs the declared box gives
/// one; else nothing does.
pub fn from_box(
    storage: &dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
    prices: &[Fx],
) -> StdResult<Fx> {
    if mode.private_costs {
        return Ok(Fx::MAX);
    }
    Ok(box_support(
        prices,
        &LOWER.load(storage, key)?,
        &UPPER.load(storage, key)?,
    ))
}

/// A bound at new prices from one at old prices:
/// `max π·x − f ≤ (max π_old·x − f) + max (π − π_old)·x`, the last over the declared box.
pub fn carried(
    storage: &dyn Storage,
    key: ParticipantKey,
    mode: &ExchangeConfig,
    known: Fx,
    old_prices: &[Fx],
    prices: &[Fx],
) -> StdResult<Fx> {
    let change = difference(prices, old_prices);
    let (lower, upper) = (LOWER.load(storage, key)?, UPPER.load(storage, key)?);
    let moved = known + box_support(&change, &lower, &upper);
    Ok(moved.min(from_box(storage, key, mode, prices)?))
}

fn worth_of_baseline(storage: &dyn Storage, key: ParticipantKey, prices: &[Fx]) -> StdResult<Fx> {
    let cost = PARTICIPANTS.load(storage, key)?.baseline_cost;
    let value = Acc::dot(prices, &BASELINE.load(storage, key)?).to_fx();
    Ok(value - cost + Fx::DELTA)
}
