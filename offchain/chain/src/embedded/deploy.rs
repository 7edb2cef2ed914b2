//! The contract crates as code of the in-process chain.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};

use gridweave_types::billing::{ExecuteMsg, InstantiateMsg, SourceKind};

use super::ledger::Ledger;
use crate::{Call, ChainError, ContractKind, Contracts, Deployed, Signer, Terms};

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
        ContractKind::Billing => {
            use gridweave_billing::contract::{execute, instantiate, migrate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
        }
    }
}

/// Instantiates all contracts and makes the coordinator's sessions count in `billing`; `operator` is
/// their admin and the grid's operator.
pub(super) fn deploy(
    ledger: &mut Ledger,
    operator: &Signer,
    billing: InstantiateMsg,
) -> Result<Contracts, ChainError> {
    let terms = Terms {
        operator: operator.address.clone(),
        billing,
    };
    let mut deployed = Deployed::new();
    for kind in ContractKind::ALL {
        let msg = kind.instantiate_msg(&terms, &deployed)?;
        let address = ledger.instantiate(code(kind), operator, &kind.label(), &msg)?;
        deployed.insert(kind, address);
    }
    let contracts = Contracts::new(&deployed)?;
    let register = ExecuteMsg::RegisterSource {
        contract: contracts.coordinator.as_str().into(),
        kind: SourceKind::Sessions,
    };
    ledger.execute_many(operator, vec![Call::new(&contracts.billing, &register)?])?;
    Ok(contracts)
}
