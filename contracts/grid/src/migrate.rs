//! Versions: stamped at instantiation, moved forward only.

use cosmwasm_std::{Response, Storage};
use gridweave_types::event::ACTION;
use semver::Version;

use crate::error::ContractError;

/// Name under which the contract stamps its state.
pub const CONTRACT_NAME: &str = env!("CARGO_PKG_NAME");
/// Version of this code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Stamps fresh state with this contract's name and version.
///
/// # Errors
/// Only those of storage.
pub fn stamp(storage: &mut dyn Storage) -> Result<(), ContractError> {
    Ok(cw2::set_contract_version(
        storage,
        CONTRACT_NAME,
        CONTRACT_VERSION,
    )?)
}

/// Brings stored state to this code's version; the same version is accepted and changes nothing.
///
/// # Errors
/// [`ContractError::WrongContract`], [`ContractError::Downgrade`],
/// [`ContractError::InvalidVersion`].
pub fn forward(storage: &mut dyn Storage) -> Result<Response, ContractError> {
    let stored = cw2::get_contract_version(storage)?;
    if stored.contract != CONTRACT_NAME {
        return Err(ContractError::WrongContract {
            found: stored.contract,
            expected: CONTRACT_NAME.into(),
        });
    }
    if parse(&stored.version)? > parse(CONTRACT_VERSION)? {
        return Err(ContractError::Downgrade {
            from: stored.version,
            to: CONTRACT_VERSION.into(),
        });
    }
    stamp(storage)?;
    Ok(Response::new()
        .add_attribute(ACTION, "migrated")
        .add_attribute("from", stored.version)
        .add_attribute("to", CONTRACT_VERSION))
}

fn parse(version: &str) -> Result<Version, ContractError> {
    Version::parse(version).map_err(|_| ContractError::InvalidVersion {
        version: version.into(),
    })
}
