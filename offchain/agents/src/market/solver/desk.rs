//! A solver's dealings with the market: its bond, its messages, its rewards.

use cosmwasm_std::{Binary, Uint128};
use gridweave_chain::{Call, Chain, ChainError, Coin, ContractAddr, Signer, TxResponse};
use gridweave_types::market::{ConfigResponse, ExecuteMsg, Phase, QueryMsg, SolverResponse};

use super::packet::Packet;
use crate::AgentError;
use crate::market::ledger;
use crate::market::notes::read;

/// Gas on top of a simulation's for messages with trades: the candidate that a solution replaces may
/// be another one by then.
const RESERVE: u64 = 300_000;

/// What the contract said to a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It is the candidate.
    Accepted,
    /// It was rejected and announced.
    Rejected {
        /// The violated constraint, `stale` or `not_better`.
        reason: String,
        /// Offer, feeder, interval and amounts.
        detail: String,
    },
}

/// Somebody who hands in solutions, good or bad.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Who signs.
    pub signer: Signer,
    /// The contract.
    pub market: ContractAddr,
    /// Its terms.
    pub terms: ConfigResponse,
}

impl Desk {
    /// Registers `signer` as a solver, or fills its bond up, and gives up a solution that an earlier
    /// life has begun.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when it cannot pay its bond.
    pub async fn enter<C: Chain>(
        chain: &C,
        signer: Signer,
        market: &ContractAddr,
    ) -> Result<Self, AgentError> {
        let desk = Self {
            terms: ledger::terms(chain, market).await?,
            market: market.clone(),
            signer,
        };
        desk.fill_bond(chain).await?;
        if desk.has_draft(chain).await? {
            desk.send(chain, &ExecuteMsg::AbandonSolution {}).await?;
        }
        Ok(desk)
    }

    /// How the solver stands; `None` before it is registered.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn standing<C: Chain>(
        &self,
        chain: &C,
    ) -> Result<Option<SolverResponse>, AgentError> {
        let query = QueryMsg::Solver {
            solver: self.signer.address.clone(),
        };
        optional(chain.query(&self.market, &query).await)
    }

    /// Pays what is missing of the bond.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when it has not got the coins.
    pub async fn fill_bond<C: Chain>(&self, chain: &C) -> Result<(), AgentError> {
        let standing = self.standing(chain).await?;
        let paid = standing.as_ref().map_or(Uint128::zero(), |own| own.bond);
        let missing = self.terms.bond.amount.saturating_sub(paid);
        if missing.is_zero() && standing.is_some() {
            return Ok(());
        }
        let mut call = Call::new(&self.market, &ExecuteMsg::RegisterSolver {})?;
        if !missing.is_zero() {
            call = call.with_funds(vec![Coin::new(missing, self.terms.denom.clone())]);
        }
        chain.execute_many(&self.signer, vec![call]).await?;
        Ok(())
    }

    /// Hands a solution in: one message if it fits, else several of one transaction each.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; what was begun is given up then.
    pub async fn deliver<C: Chain>(
        &self,
        chain: &C,
        packet: &Packet,
    ) -> Result<Receipt, AgentError> {
        let messages = packet.messages();
        for message in &messages {
            match self.send(chain, message).await {
                Ok(response) => {
                    if let Some(receipt) = self.receipt(&response) {
                        return Ok(receipt);
                    }
                }
                Err(error) => {
                    if messages.len() > 1 && self.has_draft(chain).await? {
                        self.send(chain, &ExecuteMsg::AbandonSolution {}).await?;
                    }
                    return Err(error);
                }
            }
        }
        Err(AgentError::Unexpected {
            what: "answer to a solution",
            found: "neither accepted nor rejected".into(),
            expected: "one of them",
        })
    }

    /// Binds the solver to what `hash` stands for; the block of the commitment and until when it
    /// must be revealed (Unix seconds).
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn commit<C: Chain>(
        &self,
        chain: &C,
        hash: Binary,
    ) -> Result<(u64, u64), AgentError> {
        let response = self.send(chain, &ExecuteMsg::Commit { hash }).await?;
        let mut events = response.events.iter();
        let committed = events.find(|event| event.action() == Some("solution_committed"));
        let Some(event) = committed else {
            return Err(AgentError::Unexpected {
                what: "answer to a commitment",
                found: "no solution_committed".into(),
                expected: "the event",
            });
        };
        Ok((response.height, read(event, "until", "unix seconds")?))
    }

    /// Takes the forfeit of the solver's own commitment, which it cannot reveal any more.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn forfeit<C: Chain>(&self, chain: &C) -> Result<(), AgentError> {
        let solver = self.signer.address.clone();
        let forfeit = ExecuteMsg::ForfeitCommit { solver };
        self.send(chain, &forfeit).await?;
        Ok(())
    }

    /// Takes out the rewards that are due (µ).
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn claim<C: Chain>(&self, chain: &C) -> Result<u128, AgentError> {
        let owed = self.standing(chain).await?.map_or(0, |own| own.owed.u128());
        if owed > 0 {
            let claim = ExecuteMsg::ClaimReward { solver: None };
            self.send(chain, &claim).await?;
        }
        Ok(owed)
    }

    /// Whether solutions of `round` are not taken any more, or not now.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn is_over<C: Chain>(&self, chain: &C, round: u32) -> Result<bool, AgentError> {
        let status = ledger::status(chain, &self.market).await?;
        let open = status.next == round && status.phase == Phase::Open;
        Ok(!open || chain.time().await? >= status.due.u64())
    }

    async fn send<C: Chain>(
        &self,
        chain: &C,
        message: &ExecuteMsg,
    ) -> Result<TxResponse, AgentError> {
        let call = Call::new(&self.market, message)?.with_gas_reserve(RESERVE);
        Ok(chain.execute_many(&self.signer, vec![call]).await?)
    }

    async fn has_draft<C: Chain>(&self, chain: &C) -> Result<bool, AgentError> {
        let query = QueryMsg::Draft {
            solver: self.signer.address.clone(),
        };
        let draft: Option<serde_json::Value> = optional(chain.query(&self.market, &query).await)?;
        Ok(draft.is_some())
    }

    fn receipt(&self, response: &TxResponse) -> Option<Receipt> {
        let events = response.events.iter();
        let mut own = events.filter(|event| event.contract.as_ref() == Some(&self.market));
        own.find_map(|event| match event.action()? {
            "solution_accepted" => Some(Receipt::Accepted),
            "solution_rejected" => {
                let text = |key| event.attribute(key).unwrap_or_default().to_owned();
                Some(Receipt::Rejected {
                    reason: text("reason"),
                    detail: text("detail"),
                })
            }
            _ => None,
        })
    }
}

/// An answer that the contract refuses only when there is no such thing.
fn optional<R>(answer: Result<R, ChainError>) -> Result<Option<R>, AgentError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(ChainError::Query { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
