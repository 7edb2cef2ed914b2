//! Programmes and their budgets.

mod budget;
mod create;

use cosmwasm_std::{Env, Storage};
use gridweave_types::crowdsourcing::{ConfigResponse, Terms};

pub use budget::add_budget;
pub use create::create;

use crate::clock;
use crate::error::{ContractError, check_interval, check_window, missing};
use crate::state::{PROGRAMMES, Programme};

/// A programme.
///
/// # Errors
/// [`ContractError::Missing`].
pub fn load(storage: &dyn Storage, programme: u32) -> Result<Programme, ContractError> {
    let found = PROGRAMMES.may_load(storage, programme)?;
    found.ok_or_else(|| missing("programme", programme))
}

/// Checks that `what` may happen for an interval of a programme: preferences are complete, and the
/// interval has not begun.
///
/// # Errors
/// [`ContractError::OutsideTerm`], [`ContractError::TooEarly`], [`ContractError::TooLate`].
pub fn check_running(
    config: &ConfigResponse,
    terms: &Terms,
    interval: u32,
    env: &Env,
    what: &'static str,
) -> Result<(), ContractError> {
    check_interval(interval, terms.first, terms.last())?;
    let (opens, until) = (
        terms.preferences_until.u64(),
        clock::begin(config, interval),
    );
    check_window(what, env.block.time.seconds(), opens, until)
}
