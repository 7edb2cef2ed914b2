//! What the operator does before a session runs.

mod create;
mod groups;
mod open;
mod participants;
mod register;
mod validate;

pub use create::create;
pub use groups::{add_groups, extend_group};
pub use open::open;
pub use participants::add_participants;

use cosmwasm_std::{Deps, MessageInfo};

use crate::error::ContractError;

/// Refuses everyone but the operator that `grid` names now.
fn authorize(deps: Deps, info: &MessageInfo) -> Result<(), ContractError> {
    let operator = register::operator(deps)?;
    if info.sender != operator {
        return Err(ContractError::NotOperator {
            sender: info.sender.clone(),
            operator,
        });
    }
    Ok(())
}
