//! Who may write: the operator, handed over in two steps.

use cosmwasm_std::{Addr, DepsMut, Response, Storage};
use gridweave_types::event::ACTION;
use gridweave_types::grid::ExecuteMsg;

use crate::contract::validate_address;
use crate::error::ContractError;
use crate::state::{OPERATOR, PROPOSED};

/// Checks that `sender` may send `msg`: the proposed operator accepts, the operator does the rest.
///
/// # Errors
/// [`ContractError::NotOperator`], [`ContractError::NotProposed`], [`ContractError::NoProposal`].
pub fn authorize(
    storage: &dyn Storage,
    sender: &Addr,
    msg: &ExecuteMsg,
) -> Result<(), ContractError> {
    let operator = OPERATOR.load(storage)?;
    if matches!(msg, ExecuteMsg::AcceptOperator {}) {
        let proposed = PROPOSED
            .may_load(storage)?
            .ok_or(ContractError::NoProposal { operator })?;
        if proposed == *sender {
            return Ok(());
        }
        return Err(ContractError::NotProposed {
            sender: sender.clone(),
            proposed,
        });
    }
    if operator == *sender {
        return Ok(());
    }
    Err(ContractError::NotOperator {
        sender: sender.clone(),
        operator,
    })
}

/// Names the next operator; an earlier proposal is replaced.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::AlreadyOperator`].
pub fn propose(deps: DepsMut, operator: &str) -> Result<Response, ContractError> {
    let proposed = validate_address(deps.api, "operator", operator)?;
    if proposed == OPERATOR.load(deps.storage)? {
        return Err(ContractError::AlreadyOperator { operator: proposed });
    }
    PROPOSED.save(deps.storage, &proposed)?;
    Ok(Response::new()
        .add_attribute(ACTION, "operator_proposed")
        .add_attribute("operator", proposed))
}

/// Withdraws the proposal.
///
/// # Errors
/// [`ContractError::NoProposal`].
pub fn cancel(deps: DepsMut) -> Result<Response, ContractError> {
    let Some(proposed) = PROPOSED.may_load(deps.storage)? else {
        let operator = OPERATOR.load(deps.storage)?;
        return Err(ContractError::NoProposal { operator });
    };
    PROPOSED.remove(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "proposal_cancelled")
        .add_attribute("operator", proposed))
}

/// Puts the proposed operator, who is the `sender`, in office.
///
/// # Errors
/// Only those of storage; [`authorize`] has checked the rest.
pub fn accept(deps: DepsMut, sender: &Addr) -> Result<Response, ContractError> {
    let previous = OPERATOR.load(deps.storage)?;
    OPERATOR.save(deps.storage, sender)?;
    PROPOSED.remove(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "operator_accepted")
        .add_attribute("operator", sender)
        .add_attribute("previous", previous))
}
