//! Pool mode: net trades whose sum must vanish, by the rule of `gridweave_rules::pool`.
//!
//! Work per submission does not grow with the number of participants: a submission touches the
//! participant's own numbers and two sums. With its iterate of a round a participant confirms the plan
//! of the round before; a plan that all have confirmed can become the session's result.

mod accept;
mod close;
mod formula;
mod holding;
mod read;
mod replace;
mod store;

use cosmwasm_std::{StdResult, Storage};
use gridweave_types::coordinator::{
    LEAST_MOBILITY, MOST_MOBILITY, ParticipantInput, PoolConfig, SessionConfig,
};
use gridweave_units::{Fx, unpack};

pub use accept::accept;
pub use close::close;
pub use read::{assignment, certificate, describe, outcome, prices};
pub use replace::replace;
pub use store::{Best, POOL};

use crate::error::ContractError;
use crate::state::{ParticipantInfo, ParticipantKey, SessionId, mobility};
use formula::Formula;
use store::{BEST, FORMULA, PRICE, W, load_pool};

/// Largest magnitude of a private cost or a claim (currency): sums over all participants stay within
/// the range of the numbers.
const LARGEST_COST: Fx = Fx::from_int(100_000);

/// The mobility that a participant declares.
///
/// # Errors
/// [`ContractError::InvalidParameter`] when there is none or it is out of range.
pub fn mobility_of(input: &ParticipantInput) -> Result<Fx, ContractError> {
    let fits = |mobility: &Fx| (LEAST_MOBILITY..=MOST_MOBILITY).contains(mobility);
    input.mobility.filter(fits).ok_or_else(|| {
        let value = input.mobility.map_or("none".into(), |m| m.to_string());
        ContractError::parameter("mobility", value, "0.0625 to 16")
    })
}

/// Counts a participant in: its mobility, and what staying alone costs it.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for a cost out of range.
pub fn add_participant(
    storage: &mut dyn Storage,
    session: SessionId,
    info: &ParticipantInfo,
) -> Result<(), ContractError> {
    check_cost("baseline_cost", info.baseline_cost)?;
    let mut pool = POOL.may_load(storage, session)?.unwrap_or_default();
    pool.mobility += mobility(info);
    pool.best.cost += info.baseline_cost;
    POOL.save(storage, session, &pool);
    Ok(())
}

/// Starts at the first price; nobody trades.
///
/// # Errors
/// A price of the wrong length.
pub fn open(
    storage: &mut dyn Storage,
    session: SessionId,
    config: &SessionConfig,
    mode: &PoolConfig,
) -> Result<(), ContractError> {
    let price = unpack(&mode.price, config.horizon as usize);
    let price = price.map_err(ContractError::packed("price"))?;
    let formula = Formula::new(load_pool(storage, session)?.mobility, price);
    PRICE.save(storage, session, &formula.settlement);
    FORMULA.save(storage, session, &formula);
    BEST.save(storage, session, &formula);
    Ok(())
}

/// Whether `round` only confirms the plan of the round before: the last one.
pub fn is_closing(config: &SessionConfig, round: u32) -> bool {
    round >= config.max_rounds
}

/// Removes the working state of a participant; what its part of the best plan is made of stays.
///
/// # Errors
/// When stored bytes cannot be read.
pub fn clear(storage: &mut dyn Storage, key: ParticipantKey) -> StdResult<()> {
    W.remove(storage, key);
    let best = load_pool(storage, key.0)?.best;
    holding::keep_only(storage, key, best.round)
}

/// A cost or a claim within ±[`LARGEST_COST`].
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn check_cost(field: &'static str, cost: Fx) -> Result<(), ContractError> {
    if cost.abs() <= LARGEST_COST {
        return Ok(());
    }
    Err(ContractError::parameter(field, cost, "-100000 to 100000"))
}
