//! Reads the `market` and `assets` contracts: terms, status, intervals, books.

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::assets;
use gridweave_types::market::{
    BooksResponse, ConfigResponse, FeederResponse, FeedersResponse, IntervalResponse,
    OfferResponse, OffersResponse, Phase, QueryMsg, StatusResponse,
};
use gridweave_types::page::MAX_LIMIT;

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

/// Where the market stands; `None` while it takes no solutions.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn open_round<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<Option<StatusResponse>, AgentError> {
    let status = status(chain, market).await?;
    let open = status.phase == Phase::Open && chain.time().await? < status.due.u64();
    Ok(Some(status).filter(|_| open))
}

/// All open offers, by number.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn offers<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<Vec<OfferResponse>, AgentError> {
    let mut all: Vec<OfferResponse> = Vec::new();
    loop {
        let query = QueryMsg::Offers {
            start_after: all.last().map(|offer| offer.offer),
            limit: Some(MAX_LIMIT),
        };
        let page: OffersResponse = chain.query(market, &query).await?;
        if page.offers.is_empty() {
            return Ok(all);
        }
        all.extend(page.offers);
    }
}

/// The limits of all feeders, by number.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn feeders<C: Chain>(
    chain: &C,
    market: &ContractAddr,
) -> Result<Vec<FeederResponse>, AgentError> {
    let mut all: Vec<FeederResponse> = Vec::new();
    loop {
        let query = QueryMsg::Feeders {
            start_after: all.last().map(|feeder| feeder.feeder),
            limit: Some(MAX_LIMIT),
        };
        let page: FeedersResponse = chain.query(market, &query).await?;
        if page.feeders.is_empty() {
            return Ok(all);
        }
        all.extend(page.feeders);
    }
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
