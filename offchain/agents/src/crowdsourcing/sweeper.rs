//! Settles tasks, which is anybody's.

use gridweave_chain::{Call, Chain, ChainError, ContractAddr, Signer};
use gridweave_types::crowdsourcing::{
    ConfigResponse, ExecuteMsg, MAX_PAGE, QueryMsg, TasksResponse,
};
use gridweave_units::Interval;

use crate::AgentError;

/// Pays accepted tasks and ends open ones of some intervals, one after another.
#[derive(Debug, Clone)]
pub struct Sweeper {
    signer: Signer,
    contract: ContractAddr,
    next: u32,
    end: u32,
}

impl Sweeper {
    /// One that signs as `signer` and settles the tasks from interval `from` up to, but not of, `end`.
    pub fn new(signer: Signer, contract: ContractAddr, (from, end): (u32, u32)) -> Self {
        Self {
            signer,
            contract,
            next: from,
            end,
        }
    }

    /// Settles what can be; tells whether nothing is left in any of its intervals.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<bool, AgentError> {
        let config: ConfigResponse = chain.query(&self.contract, &QueryMsg::Config {}).await?;
        let timeline = config.timeline();
        while self.next < self.end {
            let now = chain.time().await?;
            let is_final = now >= timeline.final_at(Interval(self.next));
            if !is_final || !self.sweep(chain, self.next).await? {
                return Ok(false);
            }
            self.next += 1;
        }
        Ok(true)
    }

    /// Sweeps an interval; tells whether no task of it is unfinished.
    async fn sweep<C: Chain>(&self, chain: &C, interval: u32) -> Result<bool, AgentError> {
        let mut before = None;
        loop {
            let query = QueryMsg::UnfinishedTasks {
                interval,
                start_after: None,
                limit: Some(1),
            };
            let left: TasksResponse = chain.query(&self.contract, &query).await?;
            let first = left.tasks.first().map(|task| task.task);
            if first.is_none() || first == before {
                // What is left waits for its line in `billing`.
                return Ok(first.is_none());
            }
            before = first;
            let sweep = ExecuteMsg::Sweep {
                interval,
                start_after: None,
                limit: Some(MAX_PAGE),
            };
            let call = Call::new(&self.contract, &sweep)?;
            match chain.execute_many(&self.signer, vec![call]).await {
                Ok(_) => {}
                Err(error @ (ChainError::Refused { .. } | ChainError::Unconfirmed { .. })) => {
                    tracing::debug!(%error, "not taken");
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
