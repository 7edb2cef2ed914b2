//! `FundGrid` and `DefundGrid`: the grid account's own cash, which carries the credit risk.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use gridweave_rules::settlement::draw;
use gridweave_types::event::ACTION;
use gridweave_types::funds::{exact, pay};
use gridweave_types::grid::Unauthorized;
use gridweave_types::parameter::invalid;

use crate::error::{ContractError, overflow};
use crate::work::Work;

/// Pays the attached coins into the grid account.
///
/// # Errors
/// [`ContractError::WrongFunds`].
pub fn fund(deps: DepsMut, env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    let amount = exact(&info, &work.config.terms.denom)?;
    let books = &mut work.books;
    books.deposited = (books.deposited.checked_add(amount)).ok_or(overflow("deposits"))?;
    books.cash = (books.cash.checked_add(amount)).ok_or(overflow("pool"))?;
    let response = Response::new()
        .add_attribute(ACTION, "grid_funded")
        .add_attribute("sender", info.sender)
        .add_attribute("amount", amount.to_string())
        .add_attribute("grid", books.pool().available().to_string());
    Ok(work.finish(response))
}

/// Pays the treasury out of the grid account, which keeps the float, the reserve and all that it
/// owes accounts.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidParameter`] for 0,
/// [`ContractError::Settlement`] beyond what is free.
pub fn defund(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let mut work = Work::begin(deps.storage, &env)?;
    if info.sender != work.config.terms.treasury {
        let expected = format!("the treasury {}", work.config.terms.treasury);
        return Err(Unauthorized::of(&info.sender, expected).into());
    }
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "above 0"));
    }
    let float = work.config.terms.float.u128();
    let books = &mut work.books;
    let mut pool = books.pool();
    let kept = float.saturating_add(books.receivables);
    draw(&mut pool, amount.u128(), kept)?;
    books.cash = pool.cash;
    let withdrawn = books.withdrawn.checked_add(amount.u128());
    books.withdrawn = withdrawn.ok_or(overflow("withdrawals"))?;
    let response = Response::new()
        .add_attribute(ACTION, "grid_defunded")
        .add_attribute("recipient", &info.sender)
        .add_attribute("amount", amount)
        .add_attribute("grid", pool.available().to_string());
    let denom = work.config.terms.denom.clone();
    Ok(pay(
        work.finish(response),
        &info.sender,
        amount.u128(),
        &denom,
    ))
}
