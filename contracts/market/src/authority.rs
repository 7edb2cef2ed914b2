//! Who may do what, and how addresses are read.

use cosmwasm_std::{Addr, Api, QuerierWrapper};
use gridweave_types::grid::{OperatorResponse, QueryMsg};
use gridweave_types::market::ConfigResponse;

use crate::error::ContractError;

/// Lets the operator alone pass.
///
/// # Errors
/// [`ContractError::Unauthorized`]; when `grid` does not answer.
pub fn require_operator(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    sender: &Addr,
) -> Result<(), ContractError> {
    let answer: OperatorResponse =
        querier.query_wasm_smart(&config.grid, &QueryMsg::Operator {})?;
    if answer.operator == *sender {
        return Ok(());
    }
    Err(ContractError::Unauthorized {
        sender: sender.clone(),
        expected: "the operator".into(),
    })
}

/// Parses an address of a message.
///
/// # Errors
/// [`ContractError::InvalidAddress`].
pub fn parse(api: &dyn Api, field: &'static str, value: &str) -> Result<Addr, ContractError> {
    api.addr_validate(value)
        .map_err(|error| ContractError::InvalidAddress {
            field,
            value: value.into(),
            reason: error.to_string(),
        })
}
