//! Who may do what, as `grid` says.

use cosmwasm_std::{Addr, QuerierWrapper};
use gridweave_types::crowdsourcing::ConfigResponse;
use gridweave_types::grid::Register;

use crate::error::ContractError;

/// The register of this contract.
pub const fn register<'a>(querier: QuerierWrapper<'a>, config: &'a ConfigResponse) -> Register<'a> {
    Register::new(querier, &config.grid)
}

/// Lets the operator alone pass.
///
/// # Errors
/// [`ContractError::Unauthorized`]; when `grid` does not answer.
pub fn require_operator(
    querier: QuerierWrapper,
    config: &ConfigResponse,
    sender: &Addr,
) -> Result<(), ContractError> {
    register(querier, config).require_operator(sender)
}
