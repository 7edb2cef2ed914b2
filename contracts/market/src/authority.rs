//! Who may do what, as `grid` says.

use cosmwasm_std::{Addr, QuerierWrapper};
use gridweave_types::grid::Register;
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
    Register::new(querier, &config.grid).require_operator(sender)
}
