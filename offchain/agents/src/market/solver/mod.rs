//! The solver's part: its own copy of the book, a checked solution, and nothing submitted that is
//! not better than the candidate.

mod desk;
mod packet;
mod pledge;
mod reveal;
mod strategy;
mod turn;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};
use gridweave_optim::market::Book;
use gridweave_solver::{Solution, solve_greedy};
use gridweave_types::market::{ConfigResponse, StatusResponse};

pub use desk::{Desk, Receipt};
pub use packet::Packet;
pub use pledge::salt;
use pledge::{Pledge, Safe};
use strategy::carry;
pub use strategy::{Effort, Strategy};
pub use turn::Turn;

use super::book::BookCopy;
use super::ledger;
use crate::AgentError;

/// A solver.
#[derive(Debug)]
pub struct Solver {
    desk: Desk,
    strategy: Strategy,
    effort: Effort,
    copy: Option<BookCopy>,
    chunk: usize,
    safe: Safe,
    pledge: Option<Pledge>,
    /// Found at this time (Unix seconds), not handed in yet.
    held: Option<(u64, Solution)>,
}

impl Solver {
    /// Registers `signer` as a solver, or fills its bond up. Its copy of the book is read from the
    /// contract when the market is open first.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when it cannot pay its bond.
    pub async fn register<C: Chain>(
        chain: &C,
        signer: Signer,
        market: &ContractAddr,
        strategy: Strategy,
    ) -> Result<Self, AgentError> {
        let desk = Desk::enter(chain, signer, market).await?;
        Self {
            chunk: desk.terms.limits.message_trades.max(1) as usize,
            desk,
            strategy,
            effort: Effort::default(),
            copy: None,
            safe: Safe::default(),
            pledge: None,
            held: None,
        }
        .remember(chain)
        .await
    }

    /// The same solver, which sends at most `trades` trades in one message, and never more than the
    /// market takes.
    #[must_use]
    pub fn with_chunks(mut self, trades: usize) -> Self {
        let most = self.desk.terms.limits.message_trades.max(1) as usize;
        self.chunk = trades.clamp(1, most);
        self
    }

    /// The same solver with other limits on what it spends.
    #[must_use]
    pub fn with_effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// The same solver, which keeps what it commits to in `file` and goes on with what it finds there.
    ///
    /// # Errors
    /// [`AgentError::Memory`]; [`AgentError::Chain`].
    pub async fn with_safe<C: Chain>(
        mut self,
        chain: &C,
        file: PathBuf,
    ) -> Result<Self, AgentError> {
        self.safe = Safe::new(file);
        self.remember(chain).await
    }

    /// The market's terms.
    pub fn terms(&self) -> &ConfigResponse {
        &self.desk.terms
    }

    /// Whether it has committed to something that it can reveal in a later block.
    pub fn is_committed(&self) -> bool {
        let pledge = self.pledge.as_ref();
        pledge.is_some_and(|pledge| pledge.packet.is_some())
    }

    /// Its dealings with the market.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Solves the book as it stands and hands in what is better than the candidate. That somebody
    /// else is faster is no error.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Solve`] when its own check fails.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<Turn, AgentError> {
        if self.pledge.is_some() {
            return self.reveal(chain).await;
        }
        let Some((status, book)) = self.look(chain).await? else {
            return Ok(Turn::Closed);
        };
        match self.strategy {
            Strategy::Greedy => {
                let start = Instant::now();
                let solution = solve_greedy(&book)?;
                self.hand_in(chain, &status, solution, start.elapsed())
                    .await
            }
            Strategy::Exact => self.anytime(chain, &status, &book).await,
            Strategy::Slow { seconds } => self.slowly(chain, &status, &book, seconds).await,
        }
    }

    /// A quick solution first where the book is large, then the best.
    async fn anytime<C: Chain>(
        &mut self,
        chain: &C,
        status: &StatusResponse,
        book: &Book,
    ) -> Result<Turn, AgentError> {
        let start = Instant::now();
        let mut first = None;
        // A commitment would keep the better solution waiting.
        if self.desk.terms.reveal.is_none() && self.effort.is_large(book) {
            let quick = solve_greedy(book)?;
            let turn = self.hand_in(chain, status, quick, start.elapsed()).await?;
            if !matches!(turn, Turn::Kept(_) | Turn::Submitted(_)) {
                return Ok(turn);
            }
            first = Some(turn);
        }
        let best = self.effort.best(book)?;
        let turn = self.hand_in(chain, status, best, start.elapsed()).await?;
        Ok(match (first, turn) {
            // The quick one was as good.
            (Some(Turn::Submitted(_)), Turn::Kept(took) | Turn::Late(took)) => {
                Turn::Submitted(took)
            }
            (_, turn) => turn,
        })
    }

    async fn slowly<C: Chain>(
        &mut self,
        chain: &C,
        status: &StatusResponse,
        book: &Book,
        seconds: u64,
    ) -> Result<Turn, AgentError> {
        let now = chain.time().await?;
        let Some((since, solution)) = self.held.take() else {
            let start = Instant::now();
            let solution = self.effort.best(book)?;
            let took = start.elapsed();
            if solution.objective <= status.objective.i128() {
                return Ok(Turn::Kept(took));
            }
            self.held = Some((now, solution));
            return Ok(Turn::Waiting(took));
        };
        if now < since.saturating_add(seconds) {
            self.held = Some((since, solution));
            return Ok(Turn::Waiting(Duration::ZERO));
        }
        match carry(solution, book) {
            Some(rest) => self.hand_in(chain, status, rest, Duration::ZERO).await,
            None => Ok(Turn::Late(Duration::ZERO)),
        }
    }

    /// The open round and the book, which is never older than the round; `None` while the market is
    /// closed.
    async fn look<C: Chain>(
        &mut self,
        chain: &C,
    ) -> Result<Option<(StatusResponse, Book)>, AgentError> {
        let Some(status) = ledger::open_round(chain, &self.desk.market).await? else {
            return Ok(None);
        };
        let copy = match &mut self.copy {
            Some(copy) => {
                copy.follow(chain).await?;
                copy
            }
            None => match BookCopy::current(chain, &self.desk.market).await? {
                Some(copy) => self.copy.insert(copy),
                None => return Ok(None),
            },
        };
        let book = copy.book(&self.desk.terms, status.next);
        Ok(Some((status, book)))
    }

    /// Hands in `solution` of the round of `seen`, if it is still better than the candidate.
    async fn hand_in<C: Chain>(
        &mut self,
        chain: &C,
        seen: &StatusResponse,
        solution: Solution,
        took: Duration,
    ) -> Result<Turn, AgentError> {
        if solution.objective <= seen.objective.i128() {
            return Ok(Turn::Kept(took));
        }
        let Some(mut now) = ledger::open_round(chain, &self.desk.market).await? else {
            return Ok(Turn::Late(took));
        };
        let mut solution = solution;
        if now.next != seen.next {
            let Some((status, book)) = self.look(chain).await? else {
                return Ok(Turn::Late(took));
            };
            let Some(rest) = carry(solution, &book) else {
                return Ok(Turn::Late(took));
            };
            (now, solution) = (status, rest);
        }
        if solution.objective <= now.objective.i128() {
            return Ok(Turn::Late(took));
        }
        let packet = Packet::new(
            &self.desk.terms,
            now.next,
            &solution.trades,
            solution.certificate.as_ref(),
            self.chunk,
        )?;
        if self.desk.terms.reveal.is_some() {
            return self.commit(chain, packet, took).await;
        }
        self.deliver(chain, &packet, took).await
    }

    async fn deliver<C: Chain>(
        &mut self,
        chain: &C,
        packet: &Packet,
        took: Duration,
    ) -> Result<Turn, AgentError> {
        match self.desk.deliver(chain, packet).await {
            Ok(Receipt::Accepted) => Ok(Turn::Submitted(took)),
            Ok(Receipt::Rejected { reason, detail }) => {
                if reason != "stale" && reason != "not_better" {
                    tracing::warn!(reason, detail, "rejected; the book is read again");
                    self.copy = None;
                    self.desk.fill_bond(chain).await?;
                }
                Ok(Turn::Late(took))
            }
            Err(AgentError::Chain(error @ ChainError::Refused { .. })) => {
                if self.desk.is_over(chain, packet.round).await? {
                    tracing::debug!(round = packet.round, %error, "the round is over");
                    return Ok(Turn::Late(took));
                }
                Err(error.into())
            }
            Err(error) => Err(error),
        }
    }
}
