//! Feeders with their limits.

use cosmwasm_std::Uint64;
use gridweave_chain::{Call, Chain, Contracts, Signer};
use gridweave_rules::market::FeederLimits;
use gridweave_types::{grid, market};

use crate::AgentError;

/// Sets the limits of `feeder` in the market as its `operator`, and registers the feeder where it is not
/// known.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn set_limits<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    operator: &Signer,
    (feeder, limits): (u32, FeederLimits),
) -> Result<(), AgentError> {
    let mut calls = Vec::new();
    if !is_registered(chain, contracts, feeder).await? {
        let add = grid::ExecuteMsg::AddFeeder {
            feeder: grid::Feeder {
                id: feeder,
                name: format!("feeder {feeder}"),
                root: 0,
                external_limit: Uint64::new(limits.export.max(limits.import)),
                internal_limit: Uint64::new(limits.consumption.max(limits.production)),
            },
        };
        calls.push(Call::new(&contracts.grid, &add)?);
    }
    let set = market::ExecuteMsg::SetFeederLimits {
        feeder,
        limits: limits.into(),
    };
    calls.push(Call::new(&contracts.market()?.market, &set)?);
    chain.execute_many(operator, calls).await?;
    Ok(())
}

async fn is_registered<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    feeder: u32,
) -> Result<bool, AgentError> {
    let query = grid::QueryMsg::Feeders {
        start_after: feeder.checked_sub(1),
        limit: Some(1),
    };
    let page: grid::FeedersResponse = chain.query(&contracts.grid, &query).await?;
    Ok(page.feeders.iter().any(|known| known.id == feeder))
}
