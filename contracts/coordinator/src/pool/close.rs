//! Closing a round.

use cosmwasm_std::{Event, StdResult, Storage};
use gridweave_rules::distance_squared;
use gridweave_rules::exchange::relative_gap;
use gridweave_rules::pool::{WeightSchedule, price_step, settlement_price};
use gridweave_types::coordinator::{PoolConfig, PoolWeights, RoundRecord, SessionConfig};
use gridweave_units::{Acc, Fx};

use super::formula::Formula;
use super::is_closing;
use super::store::{
    BEST, Best, FORMULA, POOL, PRICE, Pool, RUNNING, Running, load_formula, load_pool, load_running,
};
use crate::error::ContractError;
use crate::events;
use crate::round::Closed;
use crate::state::{SessionId, Status, Tally};

/// Closes a round: the plan before may have been confirmed, the claims may give a bound, and the
/// answers give the next plan and the next price.
pub fn close(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    config: &SessionConfig,
    mode: &PoolConfig,
) -> Result<Closed, ContractError> {
    let mut pool = load_pool(storage, session)?;
    let formula = load_formula(storage, session)?;
    let running = load_running(storage, session, formula.horizon())?;
    let everyone = tally.accepted == status.active();
    if everyone {
        let bound = pool.idle - running.claims.to_fx();
        pool.bound = Some(pool.bound.map_or(bound, |best| best.max(bound)));
    }
    let confirmed = nominate(
        storage, session, status, tally, &mut pool, &formula, &running,
    );
    POOL.save(storage, session, &pool);
    let closing = is_closing(config, status.round);
    let rho = weights(&mode.weights).at(status.round);
    let primal = Acc::norm_squared(&running.answers).sqrt();
    let dual = if closing || !pool.mobility.is_positive() {
        Acc::ZERO
    } else {
        step(storage, session, &pool, running, rho)?
    };
    Ok(Closed {
        record: RoundRecord {
            round: status.round,
            received: tally.received,
            missed: status.active().saturating_sub(tally.received),
            primal,
            dual: dual.sqrt(),
            rho,
            cost: Some(pool.best.cost),
            violation: None,
            bound: pool.bound,
            gap: certified_gap(&pool),
        },
        complete: everyone && !closing,
        // Silent participants show when they return or are pointed at.
        silent: Vec::new(),
        replaced: Vec::new(),
        confirmed,
    })
}

/// Makes the plan before this round the best one if all have confirmed it, it costs less, and winners
/// can make losers whole. A cost below the bound, by more than rounding, contradicts what homes have claimed:
/// somebody has not told the truth, and the plan does not count.
fn nominate(
    storage: &mut dyn Storage,
    session: SessionId,
    status: &Status,
    tally: &Tally,
    pool: &mut Pool,
    formula: &Formula,
    running: &Running,
) -> Option<Event> {
    // A plan that somebody was part of who was replaced since does not balance.
    let agreed = running.confirmed == status.active() && !tally.retracted;
    let cost = pool.idle + running.cost.to_fx();
    if !agreed || cost >= pool.best.cost || running.lost > running.gained || status.round < 2 {
        return None;
    }
    let round = status.round - 1;
    let impossible = |&bound: &Fx| cost < bound && gap_above(cost, bound).is_none();
    if let Some(bound) = pool.bound.filter(impossible) {
        return Some(events::plan_contradicted(session, round, cost, bound));
    }
    pool.best = Best {
        round,
        cost,
        gained: running.gained,
        lost: running.lost,
    };
    BEST.save(storage, session, formula);
    Some(events::plan_confirmed(session, &pool.best))
}

/// The next plan and the next price; returns `‖λ' − λ‖²`.
fn step(
    storage: &mut dyn Storage,
    session: SessionId,
    pool: &Pool,
    running: Running,
    rho: Fx,
) -> StdResult<Acc> {
    let price = PRICE.load(storage, session)?;
    let next = price_step(&price, &running.relaxed, rho, pool.mobility);
    let formula = Formula {
        mobility: pool.mobility,
        settlement: settlement_price(&price, &next),
        answers: running.answers.clone(),
        relaxed: running.relaxed.clone(),
    };
    FORMULA.save(storage, session, &formula);
    PRICE.save(storage, session, &next);
    RUNNING.save(storage, session, &running.carried());
    Ok(distance_squared(&next, &price))
}

/// `(cost − bound)/|cost|` of the best confirmed plan.
pub fn certified_gap(pool: &Pool) -> Option<Fx> {
    let bound = pool.bound?;
    gap_above(pool.best.cost, bound)
}

/// `(cost − bound)/|cost|`; `None` where the cost is below the bound by more than rounding.
fn gap_above(cost: Fx, bound: Fx) -> Option<Fx> {
    let shift = cost.abs() - cost;
    relative_gap(cost + shift, bound + shift)
}

/// The rule's weights.
pub fn weights(weights: &PoolWeights) -> WeightSchedule {
    WeightSchedule {
        start: weights.start,
        growth: weights.growth,
        last: weights.last,
    }
}
