//! Where a market stands, as a home needs it.

use gridweave_agents::market::ledger;
use gridweave_chain::{Chain, MarketContracts};
use gridweave_types::market::Phase;

use super::HomeError;

/// Where the market stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The next interval to be finalized.
    pub next: u32,
    /// The first interval whose trades are not all settled.
    pub settled: u32,
    /// Chain time (Unix seconds).
    pub now: u64,
}

impl Moment {
    /// The present.
    ///
    /// # Errors
    /// [`HomeError::Agent`] or [`HomeError::Chain`] when the chain does not answer.
    pub async fn of<C: Chain>(chain: &C, market: &MarketContracts) -> Result<Self, HomeError> {
        let status = ledger::status(chain, &market.market).await?;
        Ok(Self {
            next: status.next,
            settled: match status.phase {
                Phase::Open => status.next,
                // Trades or ended offers are being worked through.
                Phase::Settling | Phase::Sweeping => status.next.saturating_sub(1),
            },
            now: chain.time().await?,
        })
    }
}
