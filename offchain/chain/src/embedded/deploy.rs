//! The contract crates as code of the in-process chain.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};

use super::ledger::Ledger;
use crate::{ChainError, ContractKind, Contracts, Deployed, Signer};

fn code(kind: ContractKind) -> Box<dyn Contract<Empty>> {
    match kind {
        ContractKind::Grid => {
            use gridweave_grid::contract::{execute, instantiate, migrate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
        }
        ContractKind::Coordinator => {
            use gridweave_coordinator::contract::{execute, instantiate, migrate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
        }
    }
}

/// Instantiates all contracts; `operator` is their admin and the grid's operator.
pub(super) fn deploy(ledger: &mut Ledger, operator: &Signer) -> Result<Contracts, ChainError> {
    let mut deployed = Deployed::new();
    for kind in ContractKind::ALL {
        let msg = kind.instantiate_msg(&operator.address, &deployed)?;
        let address = ledger.instantiate(code(kind), operator, &kind.label(), &msg)?;
        deployed.insert(kind, address);
    }
    Contracts::new(&deployed)
}
