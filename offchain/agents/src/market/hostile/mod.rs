//! A test adversary: a solver that hands in what it must not, to show that the market stands it.
//! Runs and tests have it by name only; nobody else needs it.

mod trades;

use cosmwasm_std::Binary;
use gridweave_chain::{Chain, ChainError, ContractAddr, Signer};
use gridweave_optim::market::Book;
use gridweave_rules::market::Certificate;
use rand::RngExt;

use super::book::BookCopy;
use super::ledger;
use super::solver::{Desk, Packet, Receipt, salt};
use crate::AgentError;
use crate::faults::{Stream, generator};

/// What is wrong with a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More than an offer has left.
    Energy,
    /// Buyer and seller change places: energy that nobody has offered.
    Stolen,
    /// An interval in which the seller does not trade.
    Outside,
    /// A buyer who pays less than the seller asks.
    Unmatchable,
    /// Feeders' limits are ignored.
    Feeder,
    /// Of an earlier round.
    Stale,
    /// More trades than a message or an interval may have.
    Oversized,
    /// A price above what the buyer pays, where solvers set prices.
    Overpriced,
    /// Duals out of nowhere: they can only make the bound worse.
    Certificate,
    /// Bytes that are no trades.
    Garbage,
    /// A commitment that is never revealed.
    Withheld,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Energy,
        Self::Stolen,
        Self::Outside,
        Self::Unmatchable,
        Self::Feeder,
        Self::Stale,
        Self::Oversized,
        Self::Overpriced,
        Self::Certificate,
        Self::Garbage,
        Self::Withheld,
    ];
}

/// What came of an attack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attack {
    /// The market is closed, or the book has nothing to do this with.
    None,
    /// It was rejected and announced, with the reason and the amounts.
    Rejected {
        /// The violated constraint.
        reason: String,
        /// Offer, feeder, interval and amounts.
        detail: String,
    },
    /// The message failed and changed nothing.
    Refused {
        /// The contract's words.
        reason: String,
    },
    /// It was feasible and better, and is the candidate.
    Accepted,
    /// It was committed to.
    Committed,
}

/// A solver that means ill.
#[derive(Debug)]
pub struct Hostile {
    desk: Desk,
    copy: Option<BookCopy>,
    faults: Vec<Fault>,
    seed: u64,
    turns: u32,
}

impl Hostile {
    /// Registers `signer`, which tries `faults` by turns.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when it cannot pay its bond.
    pub async fn register<C: Chain>(
        chain: &C,
        signer: Signer,
        market: &ContractAddr,
        faults: &[Fault],
        seed: u64,
    ) -> Result<Self, AgentError> {
        Ok(Self {
            desk: Desk::enter(chain, signer, market).await?,
            copy: None,
            faults: faults.to_vec(),
            seed,
            turns: 0,
        })
    }

    /// Its dealings with the market.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Tries the next fault, and fills its bond up for the one after it.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the chain does not answer or the bond is used up.
    pub async fn turn<C: Chain>(&mut self, chain: &C) -> Result<(Fault, Attack), AgentError> {
        let turn = self.turns;
        self.turns = turn.wrapping_add(1);
        let at = turn as usize % self.faults.len().max(1);
        let fault = self.faults.get(at).copied().unwrap_or(Fault::Garbage);
        let attack = self.attack(chain, fault, turn).await?;
        if matches!(attack, Attack::Rejected { .. }) {
            self.desk.fill_bond(chain).await?;
        }
        Ok((fault, attack))
    }

    async fn attack<C: Chain>(
        &mut self,
        chain: &C,
        fault: Fault,
        turn: u32,
    ) -> Result<Attack, AgentError> {
        let Some(status) = ledger::open_round(chain, &self.desk.market).await? else {
            return Ok(Attack::None);
        };
        match &mut self.copy {
            Some(copy) => copy.follow(chain).await?,
            None => self.copy = BookCopy::current(chain, &self.desk.market).await?,
        }
        let Some(copy) = &self.copy else {
            return Ok(Attack::None);
        };
        let book = copy.book(&self.desk.terms, status.next);
        if fault == Fault::Withheld {
            return self.withhold(chain, status.next).await;
        }
        let Some(packet) = self.packet(fault, &book, turn)? else {
            return Ok(Attack::None);
        };
        match self.desk.deliver(chain, &packet).await {
            Ok(Receipt::Accepted) => Ok(Attack::Accepted),
            Ok(Receipt::Rejected { reason, detail }) => Ok(Attack::Rejected { reason, detail }),
            Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                Ok(Attack::Refused { reason })
            }
            Err(error) => Err(error),
        }
    }

    /// Commits to nothing. Whoever takes the forfeit frees it for the next time.
    async fn withhold<C: Chain>(&self, chain: &C, round: u32) -> Result<Attack, AgentError> {
        let standing = self.desk.standing(chain).await?;
        if self.desk.terms.reveal.is_none() || standing.is_none_or(|own| own.commit.is_some()) {
            return Ok(Attack::None);
        }
        self.desk.fill_bond(chain).await?;
        let mut packet = Packet::new(&self.desk.terms, round, &[], None, 1)?;
        packet.salt = Some(salt()?);
        let (market, own) = (self.desk.market.as_str(), &self.desk.signer.address);
        let hash = packet.commitment(chain.chain_id(), market, own);
        self.desk.commit(chain, hash).await?;
        Ok(Attack::Committed)
    }

    /// A solution with `fault`; `None` where `book` has nothing to do it with.
    fn packet(&self, fault: Fault, book: &Book, turn: u32) -> Result<Option<Packet>, AgentError> {
        let round = book.next.0;
        if fault == Fault::Garbage {
            return Ok(Some(Packet {
                round,
                parts: vec![self.noise(turn)],
                certificate: None,
                salt: None,
            }));
        }
        let Some(trades) = trades::of(fault, book, &self.desk.terms)? else {
            return Ok(None);
        };
        let certificate = (fault == Fault::Certificate).then(|| Certificate {
            scale: 1,
            intervals: Vec::new(),
        });
        let round = match fault {
            Fault::Stale => round.saturating_sub(1),
            _ => round,
        };
        let (terms, all) = (&self.desk.terms, trades.len());
        Packet::new(terms, round, &trades, certificate.as_ref(), all).map(Some)
    }

    /// Random bytes, of a length that no trades have.
    fn noise(&self, turn: u32) -> Binary {
        let mut random = generator(self.seed, Stream::Lie, turn, 0);
        let bytes: [u8; 33] = random.random();
        Binary::from(bytes)
    }
}
