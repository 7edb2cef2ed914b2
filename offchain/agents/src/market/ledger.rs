//! Reads the `market` and `assets` contracts: terms, status, intervals, books.

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::assets;
use gridweave_types::market::{
    BooksResponse, ConfigResponse, IntervalResponse, QueryMsg, StatusResponse,
};

use crate::AgentError;

/// The terms that were fixed when the market was made.
///
/// # Errors
/// [`AgentError::Chain`], as for all queries below.
pub async fn terms<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<ConfigResponse, AgentError> {
    Ok(chain.query(market, &QueryMsg::Config {}).await?)
}

/// Where the market stands.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn status<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<StatusResponse, AgentError> {
    Ok(chain.query(market, &QueryMsg::Status {}).await?)
}

/// One interval with its trades.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn interval<C: Chain>(
    chain: &C,
    market: &ContractAddr,
    interval: u32,
) -> Result<IntervalResponse, AgentError> {
    let query = QueryMsg::Interval { interval };
    Ok(chain.query(market, &query).await?)
}

/// Bonds, rewards and the pool.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn books<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<BooksResponse, AgentError> {
    Ok(chain.query(market, &QueryMsg::Books {}).await?)
}

/// The traders' money and permits.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn asset_books<C: Chain>(
    chain: &C,
    contract: &ContractAddr,
) -> Result<assets::BooksResponse, AgentError> {
    let query = assets::QueryMsg::Books {};
    Ok(chain.query(contract, &query).await?)
}
