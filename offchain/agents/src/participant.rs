//! Carries a local problem to the chain: fetch the round's task, solve it, submit the answer.
//!
//! The three steps are separate because only the middle one is heavy: callers fetch, solve all
//! participants in parallel, then submit in a fixed order, so that runs repeat.

use gridweave_chain::{Call, Chain, ChainError, ContractAddr, Signer};
use gridweave_types::coordinator::{AssignmentResponse, ExecuteMsg, QueryMsg};
use gridweave_types::event::ACTION;

use crate::faults::Straggling;
use crate::fixed::{pack_numbers, to_fx_up};
use crate::sessions::is_open;
use crate::{AgentError, LocalProblem, Task};

/// A participant of one session.
///
/// Solvers cannot be shared between threads, so whatever waits for the chain takes `&mut self`.
pub struct Participant {
    /// Who signs.
    pub signer: Signer,
    /// Index in the session.
    pub index: u32,
    session: u64,
    problem: Box<dyn LocalProblem>,
    straggling: Option<Straggling>,
    gas_reserve: u64,
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The iterate stands.
    Accepted,
    /// The contract rejected it; earlier answers stand.
    Rejected,
}

impl Participant {
    /// Participant `index` of `session`, acting on `problem`.
    pub fn new(signer: Signer, session: u64, index: u32, problem: Box<dyn LocalProblem>) -> Self {
        Self {
            signer,
            index,
            session,
            problem,
            straggling: None,
            gas_reserve: 0,
        }
    }

    /// The same participant with gas to spare: its iterate may be the one that closes the round.
    pub fn with_gas_reserve(mut self, gas: u64) -> Self {
        self.gas_reserve = gas;
        self
    }

    /// The same participant, silent at times.
    pub fn straggling(mut self, straggling: Straggling) -> Self {
        self.straggling = Some(straggling);
        self
    }

    /// The task of the current round, or `None` when no answer is due (or it stays silent).
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn fetch<C: Chain>(
        &mut self,
        chain: &C,
        coordinator: &ContractAddr,
    ) -> Result<Option<Task>, AgentError> {
        let assignment = self.assignment(chain, coordinator).await?;
        self.task(&assignment)
    }

    async fn assignment<C: Chain>(
        &mut self,
        chain: &C,
        coordinator: &ContractAddr,
    ) -> Result<AssignmentResponse, AgentError> {
        let query = QueryMsg::Assignment {
            session: self.session,
            participant: self.index,
        };
        Ok(chain.query(coordinator, &query).await?)
    }

    fn task(&self, assignment: &AssignmentResponse) -> Result<Option<Task>, AgentError> {
        let silent = self
            .straggling
            .is_some_and(|faults| faults.is_silent(self.index, assignment.round));
        if !assignment.pending || silent {
            return Ok(None);
        }
        Task::read(assignment).map(Some)
    }

    /// Solves `task`: the message to submit. CPU-heavy, no chain involved.
    ///
    /// # Errors
    /// [`AgentError::Optim`] or [`AgentError::NotRepresentable`].
    pub fn prepare(&mut self, task: &Task) -> Result<ExecuteMsg, AgentError> {
        let answer = self.problem.answer(task)?;
        let claims = answer.claims.iter();
        Ok(ExecuteMsg::SubmitIterate {
            session: self.session,
            round: task.round,
            payload: pack_numbers("answer", &answer.payload)?,
            claims: claims
                .map(|&claim| to_fx_up("claim", claim))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Sends a prepared message.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn submit<C: Chain>(
        &mut self,
        chain: &C,
        coordinator: &ContractAddr,
        msg: &ExecuteMsg,
    ) -> Result<Outcome, AgentError> {
        let call = Call::new(coordinator, msg)?.with_gas_reserve(self.gas_reserve);
        let response = chain.execute_many(&self.signer, vec![call]).await?;
        let mut actions = response.events.iter().filter_map(|e| e.attribute(ACTION));
        Ok(if actions.any(|action| action == "iterate_rejected") {
            Outcome::Rejected
        } else {
            Outcome::Accepted
        })
    }

    /// Answers round after round until the session has ended.
    ///
    /// What happened before, in this process or one that died, is read from the chain: an answer
    /// that is on it is not given again.
    ///
    /// # Errors
    /// [`AgentError::Optim`] when the problem has no solution, [`AgentError::Chain`] when the
    /// chain does not answer or refuses an answer to a round that is still open. An answer that
    /// came too late is no error.
    pub async fn serve<C: Chain>(
        &mut self,
        chain: &C,
        coordinator: &ContractAddr,
    ) -> Result<(), AgentError> {
        let mut height = 0;
        let mut refusal = None;
        loop {
            let assignment = self.assignment(chain, coordinator).await?;
            if !is_open(assignment.phase) {
                return Ok(());
            }
            let Some(task) = self.task(&assignment)? else {
                height = chain.beyond(height).await?;
                continue;
            };
            refusal = match (refusal, self.answer(chain, coordinator, &task).await?) {
                (Some((round, error)), Some(_)) if round == task.round => return Err(error),
                (_, refused) => refused.map(|error| (task.round, error)),
            };
            if refusal.is_some() {
                height = chain.beyond(height).await?;
            }
        }
    }

    /// Solves `task` and sends the answer; the chain's refusal, if it refused.
    async fn answer<C: Chain>(
        &mut self,
        chain: &C,
        coordinator: &ContractAddr,
        task: &Task,
    ) -> Result<Option<AgentError>, AgentError> {
        let msg = self.prepare(task)?;
        match self.submit(chain, coordinator, &msg).await {
            Ok(outcome) => {
                tracing::info!(round = task.round, ?outcome, "answered");
                Ok(None)
            }
            Err(error @ AgentError::Chain(ChainError::Refused { .. })) => {
                tracing::warn!(round = task.round, %error, "answer refused");
                Ok(Some(error))
            }
            Err(error) => Err(error),
        }
    }
}
