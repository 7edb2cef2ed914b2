//! `TopUp`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use gridweave_rules::settlement::{collect, deposit};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::funds::exact;

use super::with_purse;
use crate::account::find_or_open;
use crate::error::{ContractError, overflow};
use crate::work::Work;

/// Pays the attached coins into an account: arrears first, then collateral, then balance.
///
/// # Errors
/// [`ContractError::WrongFunds`], [`ContractError::InvalidAddress`],
/// [`ContractError::NotRegistered`].
pub fn top_up(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    account: Option<String>,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    let amount = exact(&info, &work.config.terms.denom)?;
    let account = match account {
        Some(account) => parse(deps.api, "account", &account)?,
        None => info.sender.clone(),
    };
    let id = find_or_open(&mut work, deps.querier, &account)?;
    let deposited = work.books.deposited.checked_add(amount);
    work.books.deposited = deposited.ok_or(overflow("deposits"))?;
    work.money(id, |purse, pool, required| {
        deposit(purse, pool, amount, required)?;
        collect(purse, pool, required)
    })?;
    let response = Response::new()
        .add_attribute(ACTION, "topped_up")
        .add_attribute("account", account)
        .add_attribute("sender", info.sender)
        .add_attribute("amount", amount.to_string());
    let response = with_purse(response, work.account(id)?);
    Ok(work.finish(response))
}
