//! Solvers of a run, honest and not.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use gridweave_agents::AgentError;
use gridweave_agents::market::hostile::{Attack, Fault, Hostile};
use gridweave_agents::market::solver::{Effort, Solver, Strategy, Turn};
use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};

use crate::args::SolverArg;

/// Bonds that an adversary may lose before it gives up.
pub const HOSTILE_BONDS: u128 = 50;

/// A solver at work.
pub enum Member {
    /// It means well.
    Honest(Box<Solver>),
    /// A test adversary.
    Hostile(Box<Hostile>),
}

/// What came of a turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// How long solving took, if something was solved.
    pub took: Option<Duration>,
    /// Whether there is a new candidate.
    pub accepted: bool,
}

/// How many bonds a solver needs coins for.
pub fn bonds(kind: SolverArg) -> u128 {
    match kind {
        SolverArg::Hostile => HOSTILE_BONDS,
        SolverArg::Exact | SolverArg::Greedy | SolverArg::Slow => 1,
        SolverArg::None => 0,
    }
}

/// Who is to solve: those that are asked for, one exact solver when none is.
pub fn chosen(asked: &[SolverArg]) -> Vec<SolverArg> {
    match asked {
        [] => vec![SolverArg::Exact],
        _ => asked.to_vec(),
    }
}

/// Name of the key of the solver at `index`.
pub fn name(kind: SolverArg, index: usize) -> String {
    let kind = match kind {
        SolverArg::Exact => "exact",
        SolverArg::Greedy => "greedy",
        SolverArg::Slow => "slow",
        SolverArg::Hostile => "hostile",
        SolverArg::None => "none",
    };
    format!("solver-{index}-{kind}")
}

impl Member {
    /// Registers a solver of `kind`; `None` for nobody. `seconds` is the length of an interval.
    ///
    /// # Errors
    /// It cannot pay its bond.
    pub async fn register<C: Chain>(
        chain: &C,
        signer: Signer,
        market: &ContractAddr,
        (kind, seed): (SolverArg, u64),
        seconds: u32,
    ) -> Result<Option<Self>> {
        let strategy = match kind {
            SolverArg::Exact => Strategy::Exact,
            SolverArg::Greedy => Strategy::Greedy,
            SolverArg::Slow => Strategy::Slow {
                seconds: u64::from(seconds) * 3 / 2,
            },
            SolverArg::Hostile => {
                let hostile = Hostile::register(chain, signer, market, &Fault::ALL, seed).await?;
                return Ok(Some(Self::Hostile(Box::new(hostile))));
            }
            SolverArg::None => return Ok(None),
        };
        let solver = Solver::register(chain, signer, market, strategy).await?;
        Ok(Some(Self::Honest(Box::new(solver))))
    }

    /// The same solver with other limits; adversaries have none.
    pub fn adjusted(self, effort: Effort, chunk: Option<usize>) -> Self {
        let Self::Honest(solver) = self else {
            return self;
        };
        let solver = solver.with_effort(effort);
        Self::Honest(Box::new(match chunk {
            Some(trades) => solver.with_chunks(trades),
            None => solver,
        }))
    }

    /// The same solver, which keeps what it commits to in `file`.
    ///
    /// # Errors
    /// The file cannot be read, or the chain does not answer.
    pub async fn with_safe<C: Chain>(self, chain: &C, file: PathBuf) -> Result<Self, AgentError> {
        match self {
            Self::Honest(solver) => {
                let solver = solver.with_safe(chain, file).await?;
                Ok(Self::Honest(Box::new(solver)))
            }
            Self::Hostile(_) => Ok(self),
        }
    }

    /// Whether it has something to reveal in the next block.
    pub fn is_committed(&self) -> bool {
        match self {
            Self::Honest(solver) => solver.is_committed(),
            Self::Hostile(_) => false,
        }
    }

    /// One turn.
    ///
    /// # Errors
    /// The chain does not answer, or a solution fails the solver's own check. An adversary that
    /// cannot pay its bond any more only says so.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<Worked, AgentError> {
        match self {
            Self::Honest(solver) => {
                let turn = solver.turn(chain).await?;
                tracing::debug!(?turn, "a turn");
                Ok(Worked {
                    took: turn.took(),
                    accepted: matches!(turn, Turn::Submitted(_)),
                })
            }
            Self::Hostile(hostile) => {
                let mut worked = Worked::default();
                match hostile.turn(chain).await {
                    Ok((_, Attack::None)) => {}
                    Ok((_, Attack::Accepted)) => worked.accepted = true,
                    Ok((fault, attack)) => tracing::info!(?fault, ?attack, "an attack"),
                    Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                        tracing::info!(reason, "the adversary cannot go on");
                    }
                    Err(error) => return Err(error),
                }
                Ok(worked)
            }
        }
    }

    /// Takes out what the solver has earned (µ).
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn claim<C: Chain>(&self, chain: &C) -> Result<u128, AgentError> {
        match self {
            Self::Honest(solver) => solver.desk().claim(chain).await,
            Self::Hostile(hostile) => hostile.desk().claim(chain).await,
        }
    }
}
