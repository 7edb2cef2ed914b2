//! The prosumer of exchange sessions: a bus with devices that answers with its net injection.

use gridweave_model::Instance;
use gridweave_optim::SiteProblem;

use crate::{AgentError, Answer, LocalProblem, Task};

/// Relative margin on a claimed best-response value, above the solver's tolerance: the bound of
/// the certificate must not rest on a claim that is too small.
const CLAIM_MARGIN: f64 = 1e-7;

/// The devices of one bus.
pub struct Prosumer {
    problem: SiteProblem,
    private_costs: bool,
}

impl Prosumer {
    /// The prosumer at bus index `bus`; `private_costs` as in the session's configuration.
    ///
    /// # Errors
    /// [`AgentError::Optim`] when the devices cannot be scheduled at all.
    pub fn new(instance: &Instance, bus: usize, private_costs: bool) -> Result<Self, AgentError> {
        Ok(Self {
            problem: SiteProblem::new(instance, bus)?,
            private_costs,
        })
    }
}

impl LocalProblem for Prosumer {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let mut payload = Vec::new();
        let mut costs = Vec::new();
        for (rho, centre) in &task.queries {
            let answer = self.problem.respond(centre, *rho)?;
            payload.extend(answer.injection);
            costs.push(answer.cost);
        }
        let (value, _) = self.problem.best_response(&task.prices)?;
        let mut claims = vec![value + CLAIM_MARGIN * (1.0 + value.abs())];
        if self.private_costs {
            claims.extend(costs);
        }
        Ok(Answer { payload, claims })
    }
}
