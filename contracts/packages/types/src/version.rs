//! Versions of contracts: stamped at instantiation, moved forward only.

use cosmwasm_std::{Response, StdError, Storage};
use semver::Version;

use crate::event::ACTION;

/// Why stored state cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// Storage or serialization failed.
    #[error(transparent)]
    Std(#[from] StdError),

    /// Migration from another contract.
    #[error("migration: stored contract is '{found}', expected '{expected}'")]
    WrongContract {
        /// The stored name.
        found: String,
        /// This contract's name.
        expected: String,
    },

    /// Migration to an older version.
    #[error("migration: stored version {from} is newer than {to}")]
    Downgrade {
        /// The stored version.
        from: String,
        /// The version of this code.
        to: String,
    },

    /// State of a version that this code cannot read.
    #[error(
        "migration: state of version {from} cannot be taken over, the oldest is {oldest}; deploy anew"
    )]
    TooOld {
        /// The stored version.
        from: String,
        /// The oldest version whose state this code reads.
        oldest: String,
    },

    /// A stored version that is not a semantic version.
    #[error("migration: '{version}' is not a semantic version")]
    InvalidVersion {
        /// The stored text.
        version: String,
    },
}

/// Stamps fresh state with a contract's name and version.
///
/// # Errors
/// Only those of storage.
pub fn stamp(storage: &mut dyn Storage, contract: &str, version: &str) -> Result<(), VersionError> {
    Ok(cw2::set_contract_version(storage, contract, version)?)
}

/// Brings stored state of version `oldest` or newer to `version`; the same version is accepted and
/// changes nothing.
///
/// # Errors
/// [`VersionError::WrongContract`], [`VersionError::Downgrade`], [`VersionError::TooOld`],
/// [`VersionError::InvalidVersion`].
pub fn forward(
    storage: &mut dyn Storage,
    contract: &str,
    version: &str,
    oldest: &str,
) -> Result<Response, VersionError> {
    let stored = cw2::get_contract_version(storage)?;
    if stored.contract != contract {
        return Err(VersionError::WrongContract {
            found: stored.contract,
            expected: contract.into(),
        });
    }
    if parse(&stored.version)? > parse(version)? {
        return Err(VersionError::Downgrade {
            from: stored.version,
            to: version.into(),
        });
    }
    if parse(&stored.version)? < parse(oldest)? {
        return Err(VersionError::TooOld {
            from: stored.version,
            oldest: oldest.into(),
        });
    }
    stamp(storage, contract, version)?;
    Ok(Response::new()
        .add_attribute(ACTION, "migrated")
        .add_attribute("from", stored.version)
        .add_attribute("to", version))
}

fn parse(version: &str) -> Result<Version, VersionError> {
    Version::parse(version).map_err(|_| VersionError::InvalidVersion {
        version: version.into(),
    })
}
