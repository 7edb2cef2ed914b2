//! Who may do what, as `grid` says.

use cosmwasm_std::{Addr, QuerierWrapper};
use gridweave_types::grid::{Account, OperatorResponse, QueryMsg};

use crate::error::ContractError;
use crate::state::Config;

/// Whether `sender` is the operator in office.
///
/// # Errors
/// When `grid` does not answer.
pub fn is_operator(
    querier: QuerierWrapper,
    config: &Config,
    sender: &Addr,
) -> Result<bool, ContractError> {
    let answer: OperatorResponse =
        querier.query_wasm_smart(&config.terms.grid, &QueryMsg::Operator {})?;
    Ok(answer.operator == *sender)
}

/// Lets the operator alone pass.
///
/// # Errors
/// [`ContractError::Unauthorized`].
pub fn require_operator(
    querier: QuerierWrapper,
    config: &Config,
    sender: &Addr,
) -> Result<(), ContractError> {
    if is_operator(querier, config, sender)? {
        return Ok(());
    }
    Err(ContractError::Unauthorized {
        sender: sender.clone(),
        expected: "the operator".into(),
    })
}

/// What `grid` knows about an account.
///
/// # Errors
/// [`ContractError::NotRegistered`].
pub fn registered(
    querier: QuerierWrapper,
    config: &Config,
    account: &Addr,
) -> Result<Account, ContractError> {
    let question = QueryMsg::Account {
        address: account.to_string(),
    };
    querier
        .query_wasm_smart(&config.terms.grid, &question)
        .map_err(|_| ContractError::NotRegistered {
            account: account.clone(),
        })
}
