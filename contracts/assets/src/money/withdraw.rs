//! `Withdraw`: payments are pulled, so a payee that cannot receive blocks nobody.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use gridweave_types::funds::transfer;
use gridweave_types::parameter::invalid;

use crate::error::ContractError;
use crate::events::done;
use crate::ledger::{add, take_money};
use crate::work::Work;

/// Pays out free money of the sender to the sender.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for 0, [`ContractError::NoHolder`],
/// [`ContractError::InsufficientMoney`].
pub fn withdraw(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    amount: Uint128,
) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "above 0"));
    }
    let mut work = Work::begin(deps.storage, &env)?;
    let id = work.holder(&info.sender)?;
    take_money(&mut work, (&info.sender, id), amount.u128())?;
    add(&mut work.books.paid_out, amount.u128(), "coins paid out")?;
    let payment = transfer(&info.sender, amount.u128(), &work.config.denom);
    let response = done("withdrawn")
        .add_attribute("holder", info.sender)
        .add_attribute("amount", amount)
        .add_attribute("money", work.money(id)?.to_string());
    Ok(work.finish(response).add_message(payment))
}
