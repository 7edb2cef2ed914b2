//! The keeper's part: intervals that are due become final, page by page.

use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};
use gridweave_types::market::{ExecuteMsg, MAX_PAGE, Phase};

use super::ledger;
use crate::AgentError;

/// Finalizes whatever is due; the next interval then. Another keeper that is faster is no error.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn finalize<C: Chain>(
    chain: &C,
    signer: &Signer,
    market: &ContractAddr,
) -> Result<u32, AgentError> {
    loop {
        let status = ledger::status(chain, market).await?;
        let interval = match status.phase {
            Phase::Open if chain.time().await? < status.due.u64() => return Ok(status.next),
            Phase::Open => status.next,
            Phase::Settling | Phase::Sweeping => status.next.saturating_sub(1),
        };
        let page = ExecuteMsg::FinalizeInterval {
            interval,
            limit: Some(MAX_PAGE),
        };
        match chain.execute(signer, market, &page).await {
            Ok(_) => {}
            Err(error @ ChainError::Refused { .. }) => {
                let now = ledger::status(chain, market).await?;
                if now == status {
                    return Err(error.into());
                }
                tracing::debug!(interval, "somebody else was faster");
            }
            Err(error) => return Err(error.into()),
        }
    }
}
