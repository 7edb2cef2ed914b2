//! Who may do what, as `grid` says.

use cosmwasm_std::{Addr, QuerierWrapper};
use gridweave_types::grid::Register;

use crate::error::ContractError;
use crate::state::Config;

/// The register of this contract.
pub const fn register<'a>(querier: QuerierWrapper<'a>, config: &'a Config) -> Register<'a> {
    Register::new(querier, &config.terms.grid)
}

/// Lets the operator alone pass.
///
/// # Errors
/// [`ContractError::Unauthorized`]; when `grid` does not answer.
pub fn require_operator(
    querier: QuerierWrapper,
    config: &Config,
    sender: &Addr,
) -> Result<(), ContractError> {
    register(querier, config).require_operator(sender)
}
