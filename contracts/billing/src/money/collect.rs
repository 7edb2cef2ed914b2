//! `Collect`.

use cosmwasm_std::{DepsMut, Env, Response};
use gridweave_rules::settlement as rule;
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;

use super::with_purse;
use crate::account::find;
use crate::error::ContractError;
use crate::work::Work;

/// Pays an account what the grid account owes it, as far as there is cash.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`],
/// [`ContractError::NothingToPay`].
pub fn collect(deps: DepsMut, env: Env, account: &str) -> Result<Response, ContractError> {
    let account = parse(deps.api, "account", account)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let id = find(work.storage, &account)?;
    let collected = work.money(id, rule::collect)?;
    if collected == 0 {
        return Err(ContractError::NothingToPay { account });
    }
    let response = Response::new()
        .add_attribute(ACTION, "collected")
        .add_attribute("account", account)
        .add_attribute("amount", collected.to_string());
    let response = with_purse(response, work.account(id)?);
    Ok(work.finish(response))
}
