//! Follows a session by its events, from the opening to the end.

use anyhow::{Context, Result, ensure};
use gridweave_agents::observer::Observer;
use gridweave_chain::wasmd::WasmdChain;
use gridweave_chain::{Chain, ChainEvent, ContractAddr};
use gridweave_types::coordinator::SessionResponse;

use crate::run::judge::Judge;
use crate::run::outcome::JudgedRound;
use crate::run::progress::Progress;
use crate::run::rounds::Round;

/// Actions that end a session.
const ENDS: [&str; 3] = ["session_converged", "session_exhausted", "session_aborted"];

/// A session that was followed to its end.
pub struct Followed {
    /// Its id.
    pub session: u64,
    /// Its status at the end.
    pub status: SessionResponse,
    /// Its rounds.
    pub rounds: Vec<JudgedRound>,
    /// Height of the block that ended it.
    pub ended: u64,
}

/// Follows the session that `operator` opens.
pub struct Follower<'a> {
    /// The chain.
    pub chain: &'a WasmdChain,
    /// The contract.
    pub coordinator: &'a ContractAddr,
    /// Address of the operator.
    pub operator: &'a str,
    /// Newest session before the one to follow.
    pub after: u64,
    /// The judge.
    pub judge: &'a Judge<'a>,
    /// Central cost.
    pub optimum: Option<f64>,
}

impl Follower<'_> {
    /// Follows it through the blocks from `height` on.
    ///
    /// # Errors
    /// The chain does not answer, or a schedule cannot be executed.
    pub async fn follow(&self, height: u64) -> Result<Followed> {
        let mut next = height;
        let mut session = None;
        let mut rounds = Vec::new();
        let mut progress = None;
        loop {
            let top = self.chain.beyond(next.saturating_sub(1)).await?;
            let events = self.chain.events(next).await?;
            for event in events.iter().filter(|event| event.height <= top) {
                let Some((id, action)) = self.about(event)? else {
                    continue;
                };
                match session {
                    None if action == "session_opened" && id > self.after => {
                        let observer = Observer::new(self.chain, self.coordinator, id);
                        let status = observer.status().await?;
                        if status.operator.as_str() == self.operator {
                            session = Some(id);
                            progress = Some(Progress::start(status.config.max_rounds));
                        }
                    }
                    Some(known) if known == id => {
                        if action == "round_closed" {
                            let round = self.round(id, event).await?;
                            if let Some(progress) = &progress {
                                progress.round(&round);
                            }
                            rounds.push(round);
                        }
                        if ENDS.contains(&action) {
                            return self.ended(id, event.height, rounds).await;
                        }
                    }
                    _ => {}
                }
            }
            next = top + 1;
        }
    }

    /// The session that an event of the coordinator is about, and its action.
    fn about<'e>(&self, event: &'e ChainEvent) -> Result<Option<(u64, &'e str)>> {
        if event.contract.as_ref() != Some(self.coordinator) {
            return Ok(None);
        }
        let (Some(action), Some(session)) = (event.action(), event.attribute("session")) else {
            return Ok(None);
        };
        let session = session
            .parse()
            .with_context(|| format!("event '{action}' has session '{session}'"))?;
        Ok(Some((session, action)))
    }

    async fn round(&self, session: u64, event: &ChainEvent) -> Result<JudgedRound> {
        let number = event.attribute("round").unwrap_or_default();
        let number: u32 = number
            .parse()
            .with_context(|| format!("event 'round_closed' has round '{number}'"))?;
        let chain = self.chain.at(event.height);
        let observer = Observer::new(&chain, self.coordinator, session);
        let records = observer.history_after(number.saturating_sub(1)).await?;
        let record = records.into_iter().find(|record| record.round == number);
        let record = record.with_context(|| format!("round {number} is not in the history"))?;
        let round = Round::new(&record, observer.schedule().await?);
        JudgedRound::new(round, self.judge, self.optimum)
    }

    async fn ended(&self, session: u64, height: u64, rounds: Vec<JudgedRound>) -> Result<Followed> {
        ensure!(
            !rounds.is_empty(),
            "session {session} ended without a round"
        );
        let chain = self.chain.at(height);
        let observer = Observer::new(&chain, self.coordinator, session);
        Ok(Followed {
            session,
            status: observer.status().await?,
            rounds,
            ended: height,
        })
    }
}
