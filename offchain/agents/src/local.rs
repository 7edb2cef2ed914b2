//! A participant's local problem, free of any chain.

use gridweave_types::coordinator::{AssignmentResponse, PoolAssignment};

use crate::AgentError;
use crate::fixed::{to_f64, unpack_numbers};

/// What a round asks of a participant.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The round.
    pub round: u32,
    /// Penalty and centre of each query.
    pub queries: Vec<(f64, Vec<f64>)>,
    /// Prices of the best-response claim, one per interval; in a pool those of the answer; empty in
    /// consensus sessions.
    pub prices: Vec<f64>,
    /// What only a pool asks.
    pub pool: Option<PoolTask>,
}

/// What a pool asks besides.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolTask {
    /// Mobility of the participant: its proximal weight is `ρ/m`.
    pub mobility: f64,
    /// Whether only the plan is to be confirmed.
    pub closing: bool,
    /// Price of the plan, at which the best response is claimed (currency per kW and interval).
    pub settlement: Vec<f64>,
    /// Plan of the round before (kW); empty in the first one.
    pub plan: Vec<f64>,
}

impl PoolTask {
    fn read(assignment: &PoolAssignment) -> Result<Self, AgentError> {
        Ok(Self {
            mobility: to_f64(assignment.mobility),
            closing: assignment.closing,
            settlement: unpack_numbers("settlement price", &assignment.settlement)?,
            plan: unpack_numbers("plan", &assignment.plan)?,
        })
    }
}

impl Task {
    /// Reads an assignment.
    ///
    /// # Errors
    /// [`AgentError::Shape`] when the centres do not divide among the queries.
    pub fn read(assignment: &AssignmentResponse) -> Result<Self, AgentError> {
        let numbers = unpack_numbers("centres", &assignment.centres)?;
        let queries = assignment.rho.len();
        if queries == 0 || !numbers.len().is_multiple_of(queries) {
            return Err(AgentError::Unexpected {
                what: "number of centre values",
                found: numbers.len().to_string(),
                expected: "a multiple of the number of queries",
            });
        }
        let size = (numbers.len() / queries).max(1);
        let rhos = assignment.rho.iter().map(|&rho| to_f64(rho));
        Ok(Self {
            round: assignment.round,
            queries: rhos
                .zip(numbers.chunks(size))
                .map(|(rho, centre)| (rho, centre.to_vec()))
                .collect(),
            prices: unpack_numbers("prices", &assignment.prices)?,
            pool: assignment.pool.as_ref().map(PoolTask::read).transpose()?,
        })
    }
}

/// What a participant sends back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One answer per query, one after the other.
    pub payload: Vec<f64>,
    /// Exchange sessions: the best-response value, then the private cost of each answer if the
    /// session has them. Pool sessions: the best-response value, then the private cost of the plan
    /// if it can be delivered. Else empty.
    pub claims: Vec<f64>,
}

/// A local problem: answers `argmin f(x) + ρ/2·‖x − c‖²` for each query, M(15).
pub trait LocalProblem: Send {
    /// Solves the queries of `task`.
    ///
    /// # Errors
    /// [`AgentError::Optim`] when the problem has no solution.
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError>;
}
