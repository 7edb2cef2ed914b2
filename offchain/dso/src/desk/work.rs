//! The operator's round of work, and when it comes.

use gridweave_chain::{Chain, ChainError};

use super::Dso;
use crate::DsoError;

/// What one round of work has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Withdrawals issued.
    pub issued: usize,
    /// Addresses whose sold energy was called in.
    pub called_in: usize,
    /// Accounts and intervals credited.
    pub credited: usize,
    /// Payments made.
    pub paid: usize,
}

impl<C: Chain> Dso<C> {
    /// One round: what was asked for is issued, what is owed is called in, what came back is
    /// credited and paid.
    ///
    /// # Errors
    /// As its parts; the next round goes on where this one stopped.
    pub async fn round(&self) -> Result<Round, DsoError> {
        Ok(Round {
            issued: self.issue_batch().await?,
            called_in: self.call_in().await?,
            credited: self.credit().await?,
            paid: self.pay_out().await?,
        })
    }

    /// Works for ever, or until interval `until` is over and all that was given out has come back:
    /// deposits are followed block by block, and a round comes whenever the chain's clock passes a
    /// multiple of `seconds`, so that the time of a batch tells nothing about who asked when. A chain
    /// that refuses or does not answer is asked again in the next round.
    ///
    /// # Errors
    /// [`DsoError`] other than a chain's that may pass.
    pub async fn work(&self, seconds: u64, until: Option<u32>) -> Result<(), DsoError> {
        let mut done = None;
        let mut height = 0;
        loop {
            let turn = self.turn_at(seconds).await;
            let worked = match turn {
                Ok(turn) if done != Some(turn) => {
                    done = Some(turn);
                    self.full_round(until).await
                }
                Ok(_) => self.follow_deposits().await.map(|_| false),
                Err(error) => Err(error),
            };
            match worked {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) if may_pass(&error) => {
                    tracing::warn!(%error, "the work goes on with the next round");
                }
                Err(error) => return Err(error),
            }
            height = self.chain.beyond(height).await?;
        }
    }

    /// One round; whether it was the last.
    async fn full_round(&self, until: Option<u32>) -> Result<bool, DsoError> {
        self.round().await?;
        let Some(until) = until else {
            return Ok(false);
        };
        let now = self.chain.time().await?;
        Ok(self.times.first_open(now) > until && self.ledger.is_at_rest()?)
    }

    async fn turn_at(&self, seconds: u64) -> Result<u64, DsoError> {
        Ok(self.chain.time().await? / seconds.max(1))
    }
}

/// Whether waiting may help.
fn may_pass(error: &DsoError) -> bool {
    match error {
        DsoError::Chain(error) => !matches!(error, ChainError::Stopped),
        DsoError::Agent(gridweave_agents::AgentError::Chain(error)) => {
            !matches!(error, ChainError::Stopped)
        }
        _ => false,
    }
}
