//! The keeper's part: intervals that are due become final, page by page, and commitments that were
//! not revealed in time are forfeited.

use gridweave_chain::{Call, Chain, ChainError, ContractAddr, Signer};
use gridweave_types::market::{
    ExecuteMsg, MAX_PAGE, Phase, QueryMsg, SolverResponse, SolversResponse,
};
use gridweave_types::page::MAX_LIMIT;

use super::ledger;
use crate::AgentError;

/// Gas on top of a simulation's: a better candidate may come first, and bring more to settle.
const RESERVE: u64 = 2_000_000;

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
        // The node may know the time of a block whose state it has not got yet.
        let now = chain.time_of(chain.height().await?).await?;
        let interval = match status.phase {
            Phase::Open if now < status.due.u64() => return Ok(status.next),
            Phase::Open => status.next,
            Phase::Settling | Phase::Sweeping => status.next.saturating_sub(1),
        };
        let page = ExecuteMsg::FinalizeInterval {
            interval,
            limit: Some(MAX_PAGE),
        };
        let call = Call::new(market, &page)?.with_gas_reserve(RESERVE);
        match chain.execute_many(signer, vec![call]).await {
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

/// Takes the forfeit from every solver that has not revealed in time; how many there were.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn forfeit<C: Chain>(
    chain: &C,
    signer: &Signer,
    market: &ContractAddr,
) -> Result<u32, AgentError> {
    let (now, mut taken, mut last) = (chain.time().await?, 0, None);
    loop {
        let query = QueryMsg::Solvers {
            start_after: last,
            limit: Some(MAX_LIMIT),
        };
        let page: SolversResponse = chain.query(market, &query).await?;
        let Some(final_row) = page.solvers.last() else {
            return Ok(taken);
        };
        last = Some(final_row.solver.to_string());
        let late = |row: &&SolverResponse| row.reveal_until.is_some_and(|until| until.u64() < now);
        for row in page.solvers.iter().filter(late) {
            let forfeit = ExecuteMsg::ForfeitCommit {
                solver: row.solver.to_string(),
            };
            match chain.execute(signer, market, &forfeit).await {
                Ok(_) => taken += 1,
                Err(ChainError::Refused { reason, .. }) => {
                    tracing::debug!(reason, "somebody else was faster, or it was revealed");
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
