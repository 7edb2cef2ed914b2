//! Finds sessions to take part in.

use gridweave_chain::{Chain, ChainError, ContractAddr};
use gridweave_types::coordinator::{ParticipantResponse, Phase, QueryMsg, SessionsResponse};
use gridweave_types::page::MAX_LIMIT;

use crate::AgentError;

/// Whether a session in `phase` may still change.
pub(crate) fn is_open(phase: Phase) -> bool {
    matches!(phase, Phase::Setup | Phase::Collecting)
}

/// Ids and phases of the sessions above `after`, ascending.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn sessions_after<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    after: u64,
) -> Result<Vec<(u64, Phase)>, AgentError> {
    let mut all: Vec<(u64, Phase)> = Vec::new();
    loop {
        let query = QueryMsg::Sessions {
            start_after: Some(all.last().map_or(after, |(id, _)| *id)),
            limit: Some(MAX_LIMIT),
        };
        let page: SessionsResponse = chain.query(coordinator, &query).await?;
        if page.sessions.is_empty() {
            return Ok(all);
        }
        let rows = page.sessions.into_iter();
        all.extend(rows.map(|(id, phase)| (id.u64(), phase)));
    }
}

/// Waits for a session above `after` that is open, or was, with `account` in it; its id and the
/// account's index.
///
/// # Errors
/// [`AgentError::Chain`] when the chain does not answer.
pub async fn next_session_of<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    after: u64,
    account: &str,
) -> Result<(u64, u32), AgentError> {
    let (mut height, mut after) = (0, after);
    loop {
        // Sessions up to here are settled: a session that has opened takes nobody in any more.
        let mut settled = true;
        for (session, phase) in sessions_after(chain, coordinator, after).await? {
            settled &= phase != Phase::Setup;
            if phase == Phase::Setup {
                continue;
            }
            if let Some(index) = index_of(chain, coordinator, session, account).await? {
                return Ok((session, index));
            }
            if settled {
                after = session;
            }
        }
        height = chain.beyond(height).await?;
    }
}

/// Waits for a session above `after` that is open, or was; its id.
///
/// # Errors
/// [`AgentError::Chain`] when the chain does not answer.
pub async fn next_opened<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    after: u64,
) -> Result<u64, AgentError> {
    let mut height = 0;
    loop {
        let sessions = sessions_after(chain, coordinator, after).await?;
        let mut opened = sessions.iter().filter(|(_, phase)| *phase != Phase::Setup);
        if let Some((session, _)) = opened.next() {
            return Ok(*session);
        }
        height = chain.beyond(height).await?;
    }
}

/// The index of `account` in `session`, if it takes part.
async fn index_of<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    session: u64,
    account: &str,
) -> Result<Option<u32>, AgentError> {
    let query = QueryMsg::ParticipantOf {
        session,
        account: account.into(),
    };
    let answer: Result<ParticipantResponse, _> = chain.query(coordinator, &query).await;
    match answer {
        Ok(found) => Ok(Some(found.participant)),
        Err(ChainError::Query { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
