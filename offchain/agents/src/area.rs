//! The area of consensus sessions: some buses with their branches, coupled to neighbours by copies
//! of branch flows and voltages, M(12)–M(15). A nodal session has one area per bus.

use gridweave_model::Instance;
use gridweave_optim::{AreaProblem, Decomposition};

use crate::{AgentError, Answer, LocalProblem, Task};

/// One area. Its payload is its copies followed by the net injection of each of its buses.
pub struct Area {
    problem: AreaProblem,
    copies: usize,
}

impl Area {
    /// The area with index `area` of `decomposition`.
    ///
    /// # Errors
    /// [`AgentError::Optim`] when the area cannot be scheduled at all.
    pub fn new(
        instance: &Instance,
        decomposition: &Decomposition,
        area: usize,
    ) -> Result<Self, AgentError> {
        Ok(Self {
            problem: AreaProblem::new(instance, decomposition, area)?,
            copies: decomposition.shared_len(area),
        })
    }
}

impl LocalProblem for Area {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let mut payload = Vec::new();
        for (rho, centre) in &task.queries {
            // Reported rows take no part in the consensus, so they have no centre.
            let centre = centre.get(..self.copies).ok_or(AgentError::Shape {
                what: "centre",
                found: centre.len() * 8,
                expected: self.copies * 8,
            })?;
            let answer = self.problem.respond(centre, *rho)?;
            payload.extend(answer.copies);
            payload.extend(answer.injections.into_iter().flatten());
        }
        Ok(Answer {
            payload,
            claims: Vec::new(),
        })
    }
}
