//! The solver's part: its own copy of the book, a checked solution, and nothing submitted that is
//! not better than the candidate.

use std::time::{Duration, Instant};

use cosmwasm_std::{Binary, Uint128};
use gridweave_chain::{Call, Chain, ChainError, Coin, ContractAddr, Signer};
use gridweave_optim::market::Book;
use gridweave_rules::market::{Trade, pack_trade};
use gridweave_solver::{Solution, SolveError, solve_exact, solve_greedy};
use gridweave_types::market::{
    ConfigResponse, ExecuteMsg, Phase, QueryMsg, SolverResponse, StatusResponse,
};
use gridweave_units::Interval;

use super::book::BookCopy;
use super::ledger;
use crate::AgentError;

/// How solutions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// The optimum of the linear program in whole Wh, with a certificate; greedy where the program
    /// is not solved.
    Exact,
    /// Pairs as they come.
    Greedy,
}

/// What came of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The market takes no solutions until the next interval is finalized.
    Closed,
    /// Nothing better than the candidate was found, in this time.
    Kept(Duration),
    /// A better solution was found in this time and handed in.
    Submitted(Duration),
}

/// A solver.
#[derive(Debug)]
pub struct Solver {
    signer: Signer,
    market: ContractAddr,
    terms: ConfigResponse,
    strategy: Strategy,
    copy: BookCopy,
    chunk: usize,
}

impl Solver {
    /// Registers `signer` as a solver, or fills its bond up, and begins an empty copy of the book
    /// that reads on from the block at `height`.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when it cannot pay its bond.
    pub async fn register<C: Chain>(
        chain: &C,
        signer: Signer,
        market: &ContractAddr,
        strategy: Strategy,
        height: u64,
    ) -> Result<Self, AgentError> {
        let terms = ledger::terms(chain, market).await?;
        let missing = terms
            .bond
            .amount
            .saturating_sub(bond(chain, &signer, market).await?);
        if !missing.is_zero() {
            let coins = vec![Coin::new(missing, terms.denom.clone())];
            let call = Call::new(market, &ExecuteMsg::RegisterSolver {})?.with_funds(coins);
            chain.execute_many(&signer, vec![call]).await?;
        }
        Ok(Self {
            signer,
            copy: BookCopy::new(market.clone(), height),
            market: market.clone(),
            chunk: terms.limits.message_trades.max(1) as usize,
            terms,
            strategy,
        })
    }

    /// The same solver, which sends at most `trades` trades in one message, and never more than the
    /// market takes.
    #[must_use]
    pub fn with_chunks(mut self, trades: usize) -> Self {
        let most = self.terms.limits.message_trades.max(1) as usize;
        self.chunk = trades.clamp(1, most);
        self
    }

    /// Solves the book as it stands and hands in what is better than the candidate.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Solve`] when its own check fails.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<Turn, AgentError> {
        self.copy.follow(chain).await?;
        let status = ledger::status(chain, &self.market).await?;
        if status.phase != Phase::Open || chain.time().await? >= status.due.u64() {
            return Ok(Turn::Closed);
        }
        let start = Instant::now();
        let solution = self.solve(&self.copy.book(&self.terms, &status))?;
        let took = start.elapsed();
        if solution.objective <= status.objective.i128() {
            return Ok(Turn::Kept(took));
        }
        self.submit(chain, &status, &solution).await?;
        Ok(Turn::Submitted(took))
    }

    fn solve(&self, book: &Book) -> Result<Solution, SolveError> {
        match self.strategy {
            Strategy::Greedy => solve_greedy(book),
            Strategy::Exact => solve_exact(book).or_else(|error| {
                tracing::warn!(%error, "no optimum; pairs are taken as they come");
                solve_greedy(book)
            }),
        }
    }

    /// Hands a solution in, in one message if it fits, else in several of one transaction each.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Unexpected`] for trades that no message can carry.
    pub async fn submit<C: Chain>(
        &self,
        chain: &C,
        status: &StatusResponse,
        solution: &Solution,
    ) -> Result<(), AgentError> {
        let round = status.next;
        let certificate = solution.certificate.as_ref();
        let certificate = certificate.map(|duals| Binary::from(duals.to_bytes()));
        if solution.trades.len() <= self.chunk {
            let submit = ExecuteMsg::SubmitSolution {
                round,
                trades: self.pack(round, &solution.trades)?,
                certificate,
                salt: None,
            };
            return self.send(chain, &submit).await;
        }
        self.send(chain, &ExecuteMsg::BeginSolution { round })
            .await?;
        for (sequence, trades) in (0..).zip(solution.trades.chunks(self.chunk)) {
            let append = ExecuteMsg::AppendTrades {
                sequence,
                trades: self.pack(round, trades)?,
            };
            self.send(chain, &append).await?;
        }
        let seal = ExecuteMsg::SealSolution {
            certificate,
            salt: None,
        };
        self.send(chain, &seal).await
    }

    async fn send<C: Chain>(&self, chain: &C, message: &ExecuteMsg) -> Result<(), AgentError> {
        chain.execute(&self.signer, &self.market, message).await?;
        Ok(())
    }

    fn pack(&self, round: u32, trades: &[Trade]) -> Result<Binary, AgentError> {
        let layout = self.terms.pricing.layout();
        let mut bytes = Vec::with_capacity(trades.len() * layout.bytes());
        for trade in trades {
            pack_trade(layout, Interval(round), trade, &mut bytes).ok_or_else(|| {
                AgentError::Unexpected {
                    what: "trade",
                    found: format!("{trade:?}"),
                    expected: "an interval and an energy that a message can carry",
                }
            })?;
        }
        Ok(Binary::from(bytes))
    }
}

/// What a solver has as its bond; nothing before it is registered.
async fn bond<C: Chain>(
    chain: &C,
    signer: &Signer,
    market: &ContractAddr,
) -> Result<Uint128, AgentError> {
    let query = QueryMsg::Solver {
        solver: signer.address.clone(),
    };
    let answer: Result<SolverResponse, _> = chain.query(market, &query).await;
    match answer {
        Ok(solver) => Ok(solver.bond),
        // The contract's only reason to refuse is that it does not know the address.
        Err(ChainError::Query { .. }) => Ok(Uint128::zero()),
        Err(error) => Err(error.into()),
    }
}
