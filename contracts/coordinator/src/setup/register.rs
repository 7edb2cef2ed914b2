//! Questions to the `grid` contract.

use cosmwasm_std::{Addr, Deps, StdResult};
use gridweave_types::grid::{
    Account, Branch, BranchesResponse, Feeder, OperatorResponse, QueryMsg,
};
use gridweave_types::page::MAX_LIMIT;

use crate::state::GRID;

/// The operator in office.
pub fn operator(deps: Deps) -> StdResult<Addr> {
    let response: OperatorResponse = ask(deps, &QueryMsg::Operator {})?;
    Ok(response.operator)
}

/// A registered account.
pub fn account(deps: Deps, address: &Addr) -> StdResult<Account> {
    ask(
        deps,
        &QueryMsg::Account {
            address: address.to_string(),
        },
    )
}

/// A feeder.
pub fn feeder(deps: Deps, feeder: u32) -> StdResult<Feeder> {
    ask(deps, &QueryMsg::Feeder { feeder })
}

/// The first `limit` branches of a feeder, parents first.
pub fn branches(deps: Deps, feeder: u32, limit: u32) -> StdResult<Vec<Branch>> {
    let mut branches: Vec<Branch> = Vec::new();
    while (branches.len() as u32) < limit {
        let page: BranchesResponse = ask(
            deps,
            &QueryMsg::Branches {
                feeder,
                start_after: Some(branches.len() as u32),
                limit: Some(MAX_LIMIT),
            },
        )?;
        if page.branches.is_empty() {
            break;
        }
        branches.extend(page.branches);
    }
    Ok(branches)
}

fn ask<T: serde::de::DeserializeOwned>(deps: Deps, question: &QueryMsg) -> StdResult<T> {
    let grid = GRID.load(deps.storage)?;
    deps.querier.query_wasm_smart(grid, question)
}
