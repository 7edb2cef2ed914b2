//! Feeders and their limits.

use cosmwasm_std::{DepsMut, Empty, Response, Uint64};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Feeder;

use crate::error::ContractError;
use crate::state::{self, BRANCH_COUNTS, BUSES, FEEDERS};

/// Most bytes of a feeder's name.
pub const MAX_NAME_BYTES: usize = 64;

/// Adds a feeder together with its root bus.
///
/// # Errors
/// [`ContractError::InvalidName`], [`ContractError::FeederExists`].
pub fn add(deps: DepsMut, feeder: &Feeder) -> Result<Response, ContractError> {
    check_name(&feeder.name)?;
    if FEEDERS.has(deps.storage, feeder.id) {
        return Err(ContractError::FeederExists { feeder: feeder.id });
    }
    FEEDERS.save(deps.storage, feeder.id, feeder)?;
    BRANCH_COUNTS.save(deps.storage, feeder.id, &0)?;
    BUSES.save(deps.storage, (feeder.id, feeder.root), &Empty {})?;
    Ok(Response::new()
        .add_attribute(ACTION, "feeder_added")
        .add_attribute("feeder", feeder.id.to_string())
        .add_attribute("name", &feeder.name)
        .add_attribute("root", feeder.root.to_string())
        .add_attribute("external_limit", feeder.external_limit)
        .add_attribute("internal_limit", feeder.internal_limit))
}

/// Changes the limits of a feeder (Wh per interval).
///
/// # Errors
/// [`ContractError::FeederNotFound`].
pub fn set_limits(
    deps: DepsMut,
    id: u32,
    external_limit: Uint64,
    internal_limit: Uint64,
) -> Result<Response, ContractError> {
    let feeder = Feeder {
        external_limit,
        internal_limit,
        ..state::feeder(deps.storage, id)?
    };
    FEEDERS.save(deps.storage, id, &feeder)?;
    Ok(Response::new()
        .add_attribute(ACTION, "feeder_limits_set")
        .add_attribute("feeder", id.to_string())
        .add_attribute("external_limit", external_limit)
        .add_attribute("internal_limit", internal_limit))
}

fn check_name(name: &str) -> Result<(), ContractError> {
    if (1..=MAX_NAME_BYTES).contains(&name.len()) {
        return Ok(());
    }
    Err(ContractError::InvalidName {
        bytes: name.len(),
        max: MAX_NAME_BYTES,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_in_bytes() {
        assert!(check_name("").is_err());
        assert!(check_name("a").is_ok());
        assert!(check_name(&"a".repeat(64)).is_ok());
        assert!(check_name(&"a".repeat(65)).is_err());
        assert!(check_name(&"é".repeat(33)).is_err());
    }
}
