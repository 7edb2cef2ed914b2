//! What the operator does before a session runs.

mod create;
mod groups;
mod open;
mod participants;
mod validate;

pub use create::create;
pub use groups::{add_groups, extend_group};
pub use open::open;
pub use participants::add_participants;

use cosmwasm_std::{Deps, MessageInfo};
use gridweave_types::grid::Register;

use crate::error::ContractError;
use crate::state::GRID;

/// Refuses everyone but the operator that `grid` names now.
fn authorize(deps: Deps, info: &MessageInfo) -> Result<(), ContractError> {
    let grid = GRID.load(deps.storage)?;
    let operator = Register::new(deps.querier, &grid).operator()?;
    if info.sender != operator {
        return Err(ContractError::NotOperator {
            sender: info.sender.clone(),
            operator,
        });
    }
    Ok(())
}
