//! The keeper: anyone who closes a round once its deadline has passed, so that silence of any
//! participant cannot stall a session.

use gridweave_chain::{Chain, ChainError, ContractAddr, Contracts, Signer};
use gridweave_types::coordinator::{ExecuteMsg, MAX_REPLACED, Mode, Phase, SessionResponse};

use crate::AgentError;
use crate::observer::Observer;
use crate::sessions::{is_open, sessions_after};
use crate::settler::Settler;

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
        if matches!(status.config.mode, Mode::Exchange(_)) {
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

/// What a keeper looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// Sessions with a higher number.
    pub after: u64,
    /// End when they have ended and there was at least one; with bills, when their intervals are
    /// reconciled.
    pub once: bool,
    /// Also record sessions, settle and reconcile, from the period of this interval on.
    pub bills_from: Option<u32>,
}

/// Closes the overdue rounds of every session, and does the other duties.
///
/// # Errors
/// [`AgentError::Chain`] when the chain does not answer. Another keeper that was faster is no
/// error.
pub async fn keep<C: Chain>(
    chain: &C,
    signer: &Signer,
    contracts: &Contracts,
    duties: Duties,
) -> Result<(), AgentError> {
    let coordinator = &contracts.coordinator;
    let (mut after, mut served) = (duties.after, false);
    let settler = |from| Settler::new(signer.clone(), contracts.clone(), from);
    let mut settler = duties.bills_from.map(settler);
    loop {
        let height = chain.height().await?;
        let sessions = sessions_after(chain, coordinator, after).await?;
        let open = sessions.iter().filter(|(_, phase)| is_open(*phase)).count();
        served |= open < sessions.len();
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
        let billed = match &mut settler {
            Some(settler) => bill(chain, settler, &sessions).await?,
            None => true,
        };
        if duties.once && served && open == 0 && billed {
            return Ok(());
        }
        let recorded = |session| {
            let settler = settler.as_ref();
            settler.is_none_or(|settler| settler.has_recorded(session))
        };
        let ended = sessions
            .iter()
            .take_while(|(session, phase)| !is_open(*phase) && recorded(*session));
        after = ended.last().map_or(after, |(session, _)| *session);
        chain.beyond(height).await?;
    }
}

/// Records the sessions that have ended, and turns the other cranks; whether all is done.
async fn bill<C: Chain>(
    chain: &C,
    settler: &mut Settler,
    sessions: &[(u64, Phase)],
) -> Result<bool, AgentError> {
    for (session, _) in sessions.iter().filter(|(_, phase)| !is_open(*phase)) {
        settler.record(chain, *session).await?;
    }
    settler.turn(chain).await
}
