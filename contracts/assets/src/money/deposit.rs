//! `DepositFinancial`: the paper's `depositFinancial`.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use gridweave_types::assets::Credit;
use gridweave_types::parameter::invalid;

use crate::error::ContractError;
use crate::events::done;
use crate::ledger::{add, take_money};
use crate::work::Work;

/// Returns money to the operator, who pays it out with that of others, so that nobody sees to whom.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for 0, [`ContractError::NoHolder`],
/// [`ContractError::InsufficientMoney`].
pub fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    amount: Uint128,
    credit: Credit,
) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "above 0"));
    }
    let mut work = Work::begin(deps.storage, &env)?;
    let id = work.holder(&info.sender)?;
    take_money(&mut work, (&info.sender, id), amount.u128())?;
    add(&mut work.books.deposited, amount.u128(), "returned money")?;
    let credit = match credit {
        Credit::Account => "account",
        Credit::Coins => "coins",
    };
    let response = done("financial_deposited")
        .add_attribute("holder", info.sender)
        .add_attribute("amount", amount)
        .add_attribute("credit", credit)
        .add_attribute("money", work.money(id)?.to_string());
    Ok(work.finish(response))
}
