//! The contract crates as code of the in-process chain.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};
use gridweave_types::{coordinator, grid};

use super::ledger::Ledger;
use crate::{ChainError, Contracts, Signer};

fn grid_code() -> Box<dyn Contract<Empty>> {
    use gridweave_grid::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

fn coordinator_code() -> Box<dyn Contract<Empty>> {
    use gridweave_coordinator::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

/// Instantiates both contracts; `operator` is their admin and the grid's operator.
pub(super) fn deploy(ledger: &mut Ledger, operator: &Signer) -> Result<Contracts, ChainError> {
    let msg = grid::InstantiateMsg {
        operator: operator.address.clone(),
    };
    let grid = ledger.instantiate(grid_code(), operator, "gridweave-grid", &msg)?;
    let msg = coordinator::InstantiateMsg {
        grid: grid.as_str().into(),
    };
    let coordinator =
        ledger.instantiate(coordinator_code(), operator, "gridweave-coordinator", &msg)?;
    Ok(Contracts { grid, coordinator })
}
