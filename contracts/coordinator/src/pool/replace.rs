//! A participant that no longer answers does not trade.

use cosmwasm_std::Storage;
use gridweave_rules::add_scaled;
use gridweave_units::Fx;

use super::holding;
use super::store::{POOL, RUNNING, W, load_pool, load_running, load_w};
use crate::error::ContractError;
use crate::state::{ParticipantKey, load_participant, mobility};

/// Takes a participant's last answer out of the sums, and its mobility out of the total. Plans that it
/// has confirmed stay.
///
/// # Errors
/// When stored bytes cannot be read.
pub fn replace(
    storage: &mut dyn Storage,
    key: ParticipantKey,
    round: u32,
) -> Result<(), ContractError> {
    let info = load_participant(storage, key)?;
    let horizon = info.size as usize;
    let (answer, _) = holding::standing(storage, key, round, horizon)?;
    let relaxed = load_w(storage, key, horizon)?;
    let mut running = load_running(storage, key.0, horizon)?;
    add_scaled(&mut running.answers, -Fx::ONE, &answer);
    add_scaled(&mut running.relaxed, -Fx::ONE, &relaxed);
    RUNNING.save(storage, key.0, &running);
    W.remove(storage, key);
    let mut pool = load_pool(storage, key.0)?;
    holding::write(storage, key, round, None, [pool.best.round, round])?;
    pool.mobility -= mobility(&info);
    pool.idle += info.baseline_cost;
    POOL.save(storage, key.0, &pool);
    Ok(())
}
