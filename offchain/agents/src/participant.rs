//! Carries a local problem to the chain: fetch the round's task, solve it, submit the answer.
//!
//! The three steps are separate because only the middle one is heavy: callers fetch, solve all
//! participants in parallel, then submit in a fixed order, so that runs repeat.

use gridweave_chain::{Chain, ContractAddr, Signer};
use gridweave_types::coordinator::{AssignmentResponse, ExecuteMsg, QueryMsg};
use gridweave_types::event::ACTION;

use crate::faults::Straggling;
use crate::fixed::{pack_numbers, to_fx_up};
use crate::{AgentError, LocalProblem, Task};

/// A participant of one session.
pub struct Participant {
    /// Who signs.
    pub signer: Signer,
    /// Index in the session.
    pub index: u32,
    session: u64,
    problem: Box<dyn LocalProblem>,
    straggling: Option<Straggling>,
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
        }
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
        &self,
        chain: &C,
        coordinator: &ContractAddr,
    ) -> Result<Option<Task>, AgentError> {
        let query = QueryMsg::Assignment {
            session: self.session,
            participant: self.index,
        };
        let assignment: AssignmentResponse = chain.query(coordinator, &query).await?;
        let silent = self
            .straggling
            .is_some_and(|faults| faults.is_silent(self.index, assignment.round));
        if !assignment.pending || silent {
            return Ok(None);
        }
        Task::read(&assignment).map(Some)
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
        &self,
        chain: &C,
        coordinator: &ContractAddr,
        msg: &ExecuteMsg,
    ) -> Result<Outcome, AgentError> {
        let response = chain.execute(&self.signer, coordinator, msg).await?;
        let mut actions = response.events.iter().filter_map(|e| e.attribute(ACTION));
        Ok(if actions.any(|action| action == "iterate_rejected") {
            Outcome::Rejected
        } else {
            Outcome::Accepted
        })
    }
}
