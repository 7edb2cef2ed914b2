//! The contract crates as code of the in-process chain.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};

use gridweave_types::{assets, billing, billing::SourceKind};

use super::ledger::Ledger;
use crate::{Call, ChainError, ContractAddr, ContractKind, Contracts, Deployed, Signer, Terms};

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
        ContractKind::Assets => {
            use gridweave_assets::contract::{execute, instantiate, migrate, query, reply};
            let contract = ContractWrapper::new(execute, instantiate, query);
            Box::new(contract.with_migrate(migrate).with_reply(reply))
        }
        ContractKind::Market => {
            use gridweave_market::contract::{execute, instantiate, migrate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
        }
        ContractKind::Crowdsourcing => {
            use gridweave_crowdsourcing::contract::{execute, instantiate, migrate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
        }
    }
}

/// Instantiates the contracts that `terms` want and makes them known to each other; `operator` is
/// their admin and the grid's operator.
pub(super) fn deploy(
    ledger: &mut Ledger,
    operator: &Signer,
    terms: &Terms,
) -> Result<Contracts, ChainError> {
    let mut deployed = Deployed::new();
    for kind in terms.kinds() {
        let msg = kind.instantiate_msg(terms, &deployed)?;
        let address = ledger.instantiate(code(kind), operator, &kind.label(), &msg)?;
        deployed.insert(kind, address);
    }
    let contracts = Contracts::new(&deployed)?;
    ledger.execute_many(operator, introductions(&contracts)?)?;
    Ok(contracts)
}

/// The coordinator's sessions, credited claims and accepted tasks count in `billing`, the market may
/// lock.
fn introductions(contracts: &Contracts) -> Result<Vec<Call>, ChainError> {
    let source = |contract: &ContractAddr, kind| {
        let register = billing::ExecuteMsg::RegisterSource {
            contract: contract.as_str().into(),
            kind,
        };
        Call::new(&contracts.billing, &register)
    };
    let mut calls = vec![source(&contracts.coordinator, SourceKind::Sessions)?];
    if let Some(market) = &contracts.market {
        let register = assets::ExecuteMsg::RegisterMarket {
            market: market.market.as_str().into(),
        };
        calls.push(source(&market.assets, SourceKind::Recorder)?);
        calls.push(Call::new(&market.assets, &register)?);
    }
    if let Some(crowdsourcing) = &contracts.crowdsourcing {
        calls.push(source(crowdsourcing, SourceKind::Additions)?);
    }
    Ok(calls)
}
