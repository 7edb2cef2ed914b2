//! `Withdraw`: the operator takes out what closed programmes have left over.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Uint128};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::funds::pay;
use gridweave_types::parameter::invalid;

use crate::authority::require_operator;
use crate::error::{ContractError, overflow};
use crate::state::{CONFIG, Status};

/// Pays out of what is unspent. A recipient that cannot receive fails this message alone.
///
/// # Errors
/// [`ContractError::Unauthorized`], [`ContractError::InvalidAddress`],
/// [`ContractError::InvalidParameter`], [`ContractError::Insufficient`].
pub fn withdraw(
    deps: DepsMut,
    info: &MessageInfo,
    amount: Uint128,
    recipient: Option<String>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    require_operator(deps.querier, &config, &info.sender)?;
    let recipient = match recipient {
        Some(recipient) => parse(deps.api, "recipient", &recipient)?,
        None => info.sender.clone(),
    };
    if amount.is_zero() {
        return Err(invalid("amount", &amount, "more than 0"));
    }
    let mut status = Status::load(deps.storage)?;
    let rest = status.unspent.checked_sub(amount.u128());
    status.unspent = rest.ok_or(ContractError::Insufficient {
        asked: amount,
        held: status.unspent.into(),
    })?;
    let withdrawn = status.withdrawn.checked_add(amount.u128());
    status.withdrawn = withdrawn.ok_or(overflow("withdrawn"))?;
    status.save(deps.storage);
    let response = Response::new()
        .add_attribute(ACTION, "withdrawn")
        .add_attribute("recipient", &recipient)
        .add_attribute("amount", amount)
        .add_attribute("unspent", status.unspent.to_string());
    Ok(pay(response, &recipient, amount.u128(), &config.denom))
}
