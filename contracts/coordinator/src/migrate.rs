//! Versions: stamped at instantiation, moved forward only.

use cosmwasm_std::{DepsMut, Response};

use crate::error::ContractError;

/// Name in the stored version.
pub const NAME: &str = env!("CARGO_PKG_NAME");
/// Version of this code.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Moves the stored version forward.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let stored = cw2::get_contract_version(deps.storage)?;
    let refused = || ContractError::CannotMigrate {
        from: format!("{} {}", stored.contract, stored.version),
        to: format!("{NAME} {VERSION}"),
    };
    let parse = |version: &str| semver::Version::parse(version).map_err(|_| refused());
    if stored.contract != NAME || parse(&stored.version)? > parse(VERSION)? {
        return Err(refused());
    }
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    Ok(Response::new()
        .add_attribute("action", "migrated")
        .add_attribute("from", stored.version)
        .add_attribute("to", VERSION))
}
