//! The keeper: anyone who closes a round once its deadline has passed, so that silence of any
//! participant cannot stall a session.

use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};
use gridweave_types::coordinator::{ExecuteMsg, MAX_REPLACED, Mode, Phase, SessionResponse};

use crate::AgentError;
use crate::observer::Observer;

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

    /// Closes overdue rounds until the session has ended.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer. Another keeper that was faster is no
    /// error.
    pub async fn serve<C: Chain>(&self, chain: &C) -> Result<(), AgentError> {
        let observer = Observer::new(chain, &self.coordinator, self.session);
        loop {
            let height = chain.height().await?;
            if observer.has_ended().await? {
                return Ok(());
            }
            match self.turn(chain).await {
                Ok(true) => tracing::info!("closed an overdue round"),
                Ok(false) => {
                    chain.beyond(height).await?;
                }
                Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                    tracing::debug!(reason, "somebody else was faster");
                    chain.beyond(height).await?;
                }
                Err(error) => return Err(error),
            }
        }
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
