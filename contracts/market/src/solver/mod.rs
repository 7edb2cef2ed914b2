//! Solvers: registered with a bond, bound by commitments.

mod commit;
mod register;

use cosmwasm_std::{Addr, Storage};

pub use commit::{commit, forfeit, require_active, reveal, reveal_until};
pub use register::{register, unregister};

use crate::error::ContractError;
use crate::state::{SOLVERS, Solver, Status};

/// A registered solver.
///
/// # Errors
/// [`ContractError::NoSolver`].
pub fn load(storage: &dyn Storage, solver: &Addr) -> Result<Solver, ContractError> {
    let found = SOLVERS.may_load(storage, solver)?;
    found.ok_or_else(|| ContractError::NoSolver {
        solver: solver.clone(),
    })
}

/// Moves up to `amount` of a solver's bond to the reward pool; returns what was moved.
pub fn penalize(status: &mut Status, solver: &mut Solver, amount: u128) -> u128 {
    let taken = amount.min(solver.bond.u128());
    solver.bond = (solver.bond.u128() - taken).into();
    solver.rejected = solver.rejected.saturating_add(1);
    // All bonds are coins of one supply, so the sums fit.
    status.bonds = status.bonds.saturating_sub(taken);
    status.pool = status.pool.saturating_add(taken);
    taken
}
