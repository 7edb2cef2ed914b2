//! Commitments, in markets that want them before they see a solution.

use std::time::Duration;

use gridweave_chain::Chain;

use super::pledge::{Pledge, salt};
use super::{Packet, Solver, Turn};
use crate::AgentError;
use crate::market::ledger;

impl Solver {
    /// Takes up the commitment of an earlier life.
    pub(super) async fn remember<C: Chain>(mut self, chain: &C) -> Result<Self, AgentError> {
        if let Some(standing) = self.desk.standing(chain).await? {
            self.pledge = self.safe.open(&standing)?;
        }
        Ok(self)
    }

    /// Commits to `packet`.
    pub(super) async fn commit<C: Chain>(
        &mut self,
        chain: &C,
        mut packet: Packet,
        took: Duration,
    ) -> Result<Turn, AgentError> {
        packet.salt = Some(salt()?);
        let (market, own) = (self.desk.market.as_str(), &self.desk.signer.address);
        let hash = packet.commitment(chain.chain_id(), market, own);
        let mut pledge = Pledge {
            hash: hash.clone(),
            packet: Some(packet),
            height: 0,
            until: 0,
        };
        self.safe.keep(&pledge)?;
        (pledge.height, pledge.until) = self.desk.commit(chain, hash).await?;
        self.safe.keep(&pledge)?;
        self.pledge = Some(pledge);
        Ok(Turn::Waiting(took))
    }

    /// Reveals what was committed, as soon as the contract takes it; in a later round too, where it
    /// counts nothing but the bond stays whole.
    pub(super) async fn reveal<C: Chain>(&mut self, chain: &C) -> Result<Turn, AgentError> {
        let Some(pledge) = self.pledge.clone() else {
            return Ok(Turn::Closed);
        };
        if chain.time().await? > pledge.until {
            tracing::warn!("a commitment was not revealed in time");
            self.pledge = None;
            let standing = self.desk.standing(chain).await?;
            if standing.is_some_and(|own| own.commit.is_some()) {
                self.desk.forfeit(chain).await?;
            }
            self.desk.fill_bond(chain).await?;
            return Ok(Turn::Late(Duration::ZERO));
        }
        let Some(packet) = pledge.packet else {
            return Ok(Turn::Waiting(Duration::ZERO));
        };
        let round = ledger::status(chain, &self.desk.market).await?.next;
        let too_early = chain.height().await? <= pledge.height;
        if too_early || round == packet.round && self.desk.is_over(chain, round).await? {
            return Ok(Turn::Waiting(Duration::ZERO));
        }
        let turn = self.deliver(chain, &packet, Duration::ZERO).await?;
        let standing = self.desk.standing(chain).await?;
        if standing.is_none_or(|own| own.commit.is_none()) {
            self.pledge = None;
        }
        Ok(turn)
    }
}
