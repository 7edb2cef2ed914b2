//! The keeper: anyone who closes a round once its deadline has passed, so that silence of any
//! participant cannot stall a session.

use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};
use gridweave_types::coordinator::{ExecuteMsg, MAX_REPLACED, Mode, Phase, SessionResponse};

use crate::AgentError;
use crate::observer::Observer;
use crate::sessions::{is_open, sessions_after};

/// A keeper of one session.
#[derive(Debug, Clone)]
pub struct Keeper {
    signer: Signer,
    coordinator: ContractAddr,
    session: u64,
}

impl Keeper {
    /// A keeper that signs as `signer`.
    pub fn new(signer: Signer, coordinator: ContractAddr, session: u64) -> Self {
        Self {
            signer,
            coordinator,
            session,
        }
    }

    /// Closes the current round if its deadline has passed; tells whether it did.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn turn<C: Chain>(&self, chain: &C) -> Result<bool, AgentError> {
        let observer = Observer::new(chain, &self.coordinator, self.session);
        let status = observer.status().await?;
        let due = chain.time().await? >= status.deadline.u64();
        if status.phase != Phase::Collecting || !due {
            return Ok(false);
        }
        let msg = ExecuteMsg::Advance {
            session: self.session,
            replace: self.overdue(&observer, &status).await?,
        };
        chain.execute(&self.signer, &self.coordinator, &msg).await?;
        Ok(true)
    }

    /// Participants of a consensus session that missed `max_misses` rounds in a row.
    async fn overdue<C: Chain>(
        &self,
        observer: &Observer<'_, C>,
        status: &SessionResponse,
    ) -> Result<Vec<u32>, AgentError> {
        if !matches!(status.config.mode, Mode::Consensus(_)) {
            return Ok(Vec::new());
        }
        let allowed = status.config.max_misses;
        let participants = observer.participants().await?.into_iter();
        Ok(participants
            .filter(|p| !p.replaced && status.round.saturating_sub(p.last_round) >= allowed)
            .map(|p| p.participant)
            .take(MAX_REPLACED)
            .collect())
    }
}

/// Closes the overdue rounds of every session above `after`: for ever, or with `once` until they
/// have ended and there was at least one.
///
/// # Errors
/// [`AgentError::Chain`] when the chain does not answer. Another keeper that was faster is no
/// error.
pub async fn keep<C: Chain>(
    chain: &C,
    signer: &Signer,
    coordinator: &ContractAddr,
    after: u64,
    once: bool,
) -> Result<(), AgentError> {
    let (mut after, mut served) = (after, false);
    loop {
        let height = chain.height().await?;
        let sessions = sessions_after(chain, coordinator, after).await?;
        let open = sessions.iter().filter(|(_, phase)| is_open(*phase)).count();
        served |= open < sessions.len();
        if once && served && open == 0 {
            return Ok(());
        }
        for (session, _) in sessions
            .iter()
            .filter(|(_, phase)| *phase == Phase::Collecting)
        {
            let keeper = Keeper::new(signer.clone(), coordinator.clone(), *session);
            match keeper.turn(chain).await {
                Ok(closed) => tracing::debug!(session, closed, "looked"),
                Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                    tracing::debug!(session, reason, "somebody else was faster");
                }
                Err(error) => return Err(error),
            }
        }
        let ended = sessions.iter().take_while(|(_, phase)| !is_open(*phase));
        after = ended.last().map_or(after, |(session, _)| *session);
        chain.beyond(height).await?;
    }
}
