//! Rounds of a session whose homes are tasks of this process.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use gridweave_agents::AgentError;
use gridweave_agents::keeper::Keeper;
use gridweave_agents::observer::Observer;
use gridweave_agents::participant::Participant;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ChainError, ContractAddr};
use gridweave_types::coordinator::Phase;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, block_in_place};

use crate::live::site::Site;
use crate::prosumers::pool::{Round, note};
use crate::run::progress::Progress;
use crate::run::rounds::Timings;

/// Homes that solve and send at the same time.
const BATCH: usize = 50;

/// Drives one session. The operator closes a round that is overdue, as anybody may.
pub struct Driver<'a> {
    /// The chain, with the operator's key.
    pub site: &'a Site,
    /// The same with the homes' keys.
    pub homes: &'a WasmdChain,
    /// The contract.
    pub coordinator: &'a ContractAddr,
    /// The session.
    pub session: u64,
}

/// A home that has had its turn.
struct Turn {
    home: Participant,
    /// Bytes of its answer, if one was due.
    bytes: Option<u64>,
    /// Why the chain did not take it.
    refused: Option<AgentError>,
}

impl Driver<'_> {
    /// Round after round until the session has ended. Homes solve while others send, so that all time
    /// counts as the chain's.
    ///
    /// # Errors
    /// A local problem has no solution, the chain does not answer, or it refuses an answer to a round
    /// that is still open.
    pub async fn drive(
        &self,
        mut homes: Vec<Participant>,
        progress: &Progress,
    ) -> Result<(Vec<Round>, Timings)> {
        let observer = Observer::new(&self.site.chain, self.coordinator, self.session);
        let mut timings = Timings::default();
        let mut closed = Vec::new();
        loop {
            let status = observer.status().await?;
            if status.phase != Phase::Collecting {
                return Ok((closed, timings));
            }
            let start = Instant::now();
            let refused;
            (homes, refused) = self.round(homes, &mut timings).await?;
            self.close(&observer, status.round, refused).await?;
            note(&observer, &mut closed, progress).await?;
            timings.chain += start.elapsed();
        }
    }

    /// A turn of every home, in batches.
    async fn round(
        &self,
        homes: Vec<Participant>,
        timings: &mut Timings,
    ) -> Result<(Vec<Participant>, Option<AgentError>)> {
        let gate = Arc::new(Semaphore::new(BATCH));
        let (mut after, mut refused) = (Vec::with_capacity(homes.len()), None);
        let mut tasks = JoinSet::new();
        for home in homes {
            let (chain, coordinator) = (self.homes.clone(), self.coordinator.clone());
            let gate = gate.clone();
            tasks.spawn(async move {
                let _permit = gate.acquire().await?;
                turn(home, &chain, &coordinator).await
            });
        }
        while let Some(ended) = tasks.join_next().await {
            let turn = ended.context("a task was lost")??;
            after.push(turn.home);
            timings.messages += u64::from(turn.bytes.is_some());
            timings.bytes += turn.bytes.unwrap_or(0);
            refused = refused.or(turn.refused);
        }
        Ok((after, refused))
    }

    /// Waits until the round has closed, and closes it when it is overdue.
    async fn close(
        &self,
        observer: &Observer<'_, WasmdChain>,
        round: u32,
        refused: Option<AgentError>,
    ) -> Result<()> {
        let (chain, signer) = (&self.site.chain, self.site.operator.clone());
        let keeper = Keeper::new(signer, self.coordinator.clone(), self.session);
        let mut refused = refused;
        loop {
            let height = chain.height().await?;
            let status = observer.status().await?;
            if status.phase != Phase::Collecting || status.round != round {
                return Ok(());
            }
            if let Some(error) = refused.take() {
                return Err(error).context("an answer was refused though its round is open");
            }
            match keeper.turn(chain).await {
                Ok(_) => {}
                Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                    tracing::debug!(reason, "somebody else was faster");
                }
                Err(error) => return Err(error.into()),
            }
            chain.beyond(height).await?;
        }
    }
}

/// What `home` is asked, solved and sent.
async fn turn(
    mut home: Participant,
    chain: &WasmdChain,
    coordinator: &ContractAddr,
) -> Result<Turn> {
    let Some(task) = home.fetch(chain, coordinator).await? else {
        return Ok(Turn {
            home,
            bytes: None,
            refused: None,
        });
    };
    let msg = block_in_place(|| home.prepare(&task))
        .with_context(|| format!("'{}' in round {}", home.signer.name, task.round))?;
    let refused = match home.submit(chain, coordinator, &msg).await {
        Ok(outcome) => {
            tracing::trace!(home = home.signer.name, ?outcome, "submitted");
            None
        }
        Err(error @ AgentError::Chain(ChainError::Refused { .. })) => Some(error),
        Err(error) => return Err(error.into()),
    };
    Ok(Turn {
        home,
        bytes: Some(serde_json::to_vec(&msg)?.len() as u64),
        refused,
    })
}
