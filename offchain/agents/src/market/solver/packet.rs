//! A solution as the market's messages carry it.

use cosmwasm_std::Binary;
use gridweave_rules::market::{Certificate, Trade, pack_trade};
use gridweave_types::market::{
    CommitDomain, ConfigResponse, ExecuteMsg, commit_message, digest_message,
};
use gridweave_units::Interval;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::AgentError;

/// Packed trades of one solution, with what goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// The round that intervals are counted from.
    pub round: u32,
    /// Packed trades, one element a message.
    pub parts: Vec<Binary>,
    /// Duals that bound the optimum.
    pub certificate: Option<Binary>,
    /// Salt of the commitment.
    pub salt: Option<Binary>,
}

impl Packet {
    /// Packs `trades` for `round`, at most `chunk` of them in a message.
    ///
    /// # Errors
    /// [`AgentError::Unexpected`] for a trade that no message can carry.
    pub fn new(
        terms: &ConfigResponse,
        round: u32,
        trades: &[Trade],
        certificate: Option<&Certificate>,
        chunk: usize,
    ) -> Result<Self, AgentError> {
        let parts = trades.chunks(chunk.max(1));
        let parts = parts.map(|trades| pack(terms, round, trades));
        Ok(Self {
            round,
            parts: parts.collect::<Result<_, _>>()?,
            certificate: certificate.map(|duals| Binary::from(duals.to_bytes())),
            salt: None,
        })
    }

    /// What the contract knows the trades by.
    pub fn digest(&self) -> [u8; 32] {
        self.parts.iter().fold([0; 32], |before, part| {
            let trades: [u8; 32] = Sha256::digest(part.as_slice()).into();
            Sha256::digest(digest_message(&before, &trades)).into()
        })
    }

    /// The hash that binds `solver` of the market at `market` to this packet and its salt.
    pub fn commitment(&self, chain_id: &str, market: &str, solver: &str) -> Binary {
        let domain = CommitDomain {
            chain_id,
            market,
            solver,
            round: self.round,
        };
        let salt = self.salt.as_deref().unwrap_or_default();
        let message = commit_message(domain, salt, &self.digest());
        let hash: [u8; 32] = Sha256::digest(message).into();
        Binary::from(hash)
    }

    /// The messages, one transaction each.
    pub fn messages(&self) -> Vec<ExecuteMsg> {
        let (round, certificate, salt) = (self.round, self.certificate.clone(), self.salt.clone());
        if let [trades] = self.parts.as_slice() {
            return vec![ExecuteMsg::SubmitSolution {
                round,
                trades: trades.clone(),
                certificate,
                salt,
            }];
        }
        let begin = ExecuteMsg::BeginSolution { round };
        let append = |(sequence, trades): (u32, &Binary)| ExecuteMsg::AppendTrades {
            sequence,
            trades: trades.clone(),
        };
        let seal = ExecuteMsg::SealSolution { certificate, salt };
        let parts = (0..).zip(&self.parts).map(append);
        std::iter::once(begin).chain(parts).chain([seal]).collect()
    }
}

fn pack(terms: &ConfigResponse, round: u32, trades: &[Trade]) -> Result<Binary, AgentError> {
    let layout = terms.pricing.layout();
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
