//! `Withdraw` and `Release`: payments are pulled, so a payee that cannot receive blocks nobody.

use cosmwasm_std::{Addr, Api, DepsMut, Env, MessageInfo, Response, Uint128};
use gridweave_rules::settlement::{self as rule, SettlementError};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::funds::pay;
use gridweave_types::parameter::invalid;

use super::with_purse;
use crate::account::find;
use crate::error::{ContractError, overflow};
use crate::state::AccountId;
use crate::work::Work;

/// Pays out part of the sender's balance, after collecting what the grid account owes it.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for 0, [`ContractError::InvalidAddress`],
/// [`ContractError::NoAccount`], [`ContractError::Settlement`] beyond the balance.
pub fn withdraw(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    amount: Uint128,
    recipient: Option<String>,
) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "above 0"));
    }
    let recipient = recipient_of(deps.api, &info, recipient)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let id = find(work.storage, &info.sender)?;
    work.money(id, |purse, pool, required| {
        rule::collect(purse, pool, required)?;
        rule::withdraw(purse, amount.u128())
    })?;
    finish(
        work,
        id,
        "withdrawn",
        &info.sender,
        &recipient,
        amount.u128(),
    )
}

/// Pays out all that the sender has, collateral included.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoAccount`],
/// [`ContractError::NotReleasable`], [`ContractError::NothingToPay`].
pub fn release(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    recipient: Option<String>,
) -> Result<Response, ContractError> {
    let recipient = recipient_of(deps.api, &info, recipient)?;
    let mut work = Work::begin(deps.storage, &env)?;
    let id = find(work.storage, &info.sender)?;
    work.money(id, rule::collect)?;
    let held = work.account(id)?;
    if held.open_statements > 0 || held.arrears > 0 || held.receivable > 0 {
        return Err(ContractError::NotReleasable {
            account: info.sender,
            statements: held.open_statements,
            arrears: held.arrears.into(),
            receivable: held.receivable.into(),
        });
    }
    let amount = work.money(id, |purse, _, _| {
        let all = purse.balance.checked_add(purse.collateral);
        let all = all.ok_or(SettlementError::Overflow { what: "release" })?;
        (purse.balance, purse.collateral) = (0, 0);
        Ok(all)
    })?;
    if amount == 0 {
        let account = info.sender;
        return Err(ContractError::NothingToPay { account });
    }
    finish(work, id, "released", &info.sender, &recipient, amount)
}

fn recipient_of(
    api: &dyn Api,
    info: &MessageInfo,
    recipient: Option<String>,
) -> Result<Addr, ContractError> {
    match recipient {
        Some(recipient) => Ok(parse(api, "recipient", &recipient)?),
        None => Ok(info.sender.clone()),
    }
}

fn finish(
    mut work: Work,
    id: AccountId,
    action: &str,
    account: &Addr,
    recipient: &Addr,
    amount: u128,
) -> Result<Response, ContractError> {
    let withdrawn = work.books.withdrawn.checked_add(amount);
    work.books.withdrawn = withdrawn.ok_or(overflow("withdrawals"))?;
    let denom = work.config.terms.denom.clone();
    let response = Response::new()
        .add_attribute(ACTION, action)
        .add_attribute("account", account)
        .add_attribute("recipient", recipient)
        .add_attribute("amount", amount.to_string());
    let response = with_purse(response, work.account(id)?);
    Ok(pay(work.finish(response), recipient, amount, &denom))
}
