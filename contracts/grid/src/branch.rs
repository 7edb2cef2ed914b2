//! Buses and branches, appended so that every feeder stays radial.

use cosmwasm_std::{DepsMut, Empty, Response, Storage};
use gridweave_types::event::ACTION;
use gridweave_types::grid::Branch;
use gridweave_units::Fx;

use crate::contract::check_rows;
use crate::error::ContractError;
use crate::state::{self, BRANCH_COUNTS, BRANCHES, BUSES};

/// Largest resistance or reactance of a branch (per unit).
///
/// Real feeders stay below 1; the bound keeps the fixed-point sweep far from its range.
pub const MAX_IMPEDANCE: Fx = Fx::from_int(100);

/// Adds buses, each with the branch to its parent, parents first.
///
/// # Errors
/// [`ContractError::BatchSize`], [`ContractError::FeederNotFound`], and for the first bad row
/// [`ContractError::BusExists`], [`ContractError::ParentNotFound`],
/// [`ContractError::ImpedanceOutOfRange`] or [`ContractError::ZeroImpedance`].
pub fn add(deps: DepsMut, feeder: u32, branches: &[Branch]) -> Result<Response, ContractError> {
    check_rows("branches", branches.len())?;
    state::feeder(deps.storage, feeder)?;
    let mut total = BRANCH_COUNTS.load(deps.storage, feeder)?;
    for branch in branches {
        append(deps.storage, feeder, total, branch)?;
        total += 1;
    }
    BRANCH_COUNTS.save(deps.storage, feeder, &total)?;
    Ok(Response::new()
        .add_attribute(ACTION, "branches_added")
        .add_attribute("feeder", feeder.to_string())
        .add_attribute("added", branches.len().to_string())
        .add_attribute("total", total.to_string()))
}

fn append(
    storage: &mut dyn Storage,
    feeder: u32,
    index: u32,
    branch: &Branch,
) -> Result<(), ContractError> {
    let Branch { bus, parent, .. } = *branch;
    check_impedance(branch)?;
    if BUSES.has(storage, (feeder, bus)) {
        return Err(ContractError::BusExists { feeder, bus });
    }
    if !BUSES.has(storage, (feeder, parent)) {
        return Err(ContractError::ParentNotFound {
            feeder,
            bus,
            parent,
        });
    }
    BUSES.save(storage, (feeder, bus), &Empty {})?;
    BRANCHES.save(storage, (feeder, index), branch)?;
    Ok(())
}

fn check_impedance(branch: &Branch) -> Result<(), ContractError> {
    for (quantity, value) in [("r", branch.r), ("x", branch.x)] {
        if value.is_negative() || value > MAX_IMPEDANCE {
            return Err(ContractError::ImpedanceOutOfRange {
                bus: branch.bus,
                quantity,
                value,
                max: MAX_IMPEDANCE,
            });
        }
    }
    if branch.r.is_zero() && branch.x.is_zero() {
        return Err(ContractError::ZeroImpedance { bus: branch.bus });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(r: Fx, x: Fx) -> Branch {
        Branch {
            bus: 2,
            parent: 1,
            r,
            x,
        }
    }

    #[test]
    fn one_of_resistance_and_reactance_may_vanish() {
        assert!(check_impedance(&branch(Fx::DELTA, Fx::ZERO)).is_ok());
        assert!(check_impedance(&branch(Fx::ZERO, Fx::DELTA)).is_ok());
        assert!(check_impedance(&branch(Fx::ZERO, Fx::ZERO)).is_err());
    }

    #[test]
    fn impedances_stay_in_range() {
        assert!(check_impedance(&branch(MAX_IMPEDANCE, MAX_IMPEDANCE)).is_ok());
        assert!(check_impedance(&branch(MAX_IMPEDANCE + Fx::DELTA, Fx::ZERO)).is_err());
        assert!(check_impedance(&branch(Fx::ONE, -Fx::DELTA)).is_err());
        assert!(check_impedance(&branch(Fx::MIN, Fx::MAX)).is_err());
    }
}
