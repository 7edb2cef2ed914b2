//! The holder's part after a trade: claims and free money go back to the operator.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Binary, Uint128};
use gridweave_chain::{Call, Chain, ChainEvent, Contracts, Signer};
use gridweave_types::assets::{
    ClaimBalance, ClaimsResponse, Credit, ExecuteMsg, HolderResponse, MAX_CLAIMS, QueryMsg,
};
use gridweave_types::page::MAX_LIMIT;

use super::feed::Feed;
use super::notes::unexpected;
use crate::AgentError;

/// Holders and their offers: who has something to hand back.
#[derive(Debug, Clone)]
pub struct Holders {
    feed: Feed,
    /// Who posted an offer.
    offers: BTreeMap<u64, Signer>,
}

impl Holders {
    /// Nobody yet; trades are read from the block at `height` on.
    pub fn new(height: u64) -> Self {
        Self {
            feed: Feed::new(height),
            offers: BTreeMap::new(),
        }
    }

    /// Notes whose an offer is.
    pub fn add(&mut self, offer: u32, signer: &Signer) {
        self.offers.insert(offer.into(), signer.clone());
    }

    /// Everybody whose offers were traded or released since the last call hands back what it has.
    ///
    /// # Errors
    /// [`AgentError::Chain`]; [`AgentError::Unexpected`] for an event that is not as documented.
    pub async fn turn<C: Chain>(
        &mut self,
        chain: &C,
        contracts: &Contracts,
    ) -> Result<(), AgentError> {
        let assets = &contracts.market()?.assets;
        let news = self.feed.news(chain).await?;
        let own = news
            .iter()
            .filter(|event| event.contract.as_ref() == Some(assets));
        let mut touched = BTreeSet::new();
        let mut ended = Vec::new();
        for event in own {
            match event.action() {
                Some("trades_settled") => {
                    touched.extend(numbers(event, "sellers")?);
                    touched.extend(numbers(event, "buyers")?);
                }
                Some("locks_released") => ended.extend(numbers(event, "offers")?),
                _ => {}
            }
        }
        touched.extend(&ended);
        let signers = touched.iter().filter_map(|offer| self.offers.get(offer));
        let signers: BTreeMap<&str, &Signer> =
            signers.map(|signer| (&*signer.address, signer)).collect();
        for signer in signers.values() {
            hand_back(chain, contracts, signer).await?;
        }
        for offer in &ended {
            self.offers.remove(offer);
        }
        Ok(())
    }
}

/// Hands everything that `signer` has over in one transaction: claims, and money that is not locked.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn hand_back<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    signer: &Signer,
) -> Result<(), AgentError> {
    let assets = &contracts.market()?.assets;
    let mut calls = Vec::new();
    for page in claims(chain, contracts, signer).await?.chunks(MAX_CLAIMS) {
        let deposit = ExecuteMsg::DepositEnergy {
            holder: None,
            claims: page.to_vec(),
        };
        calls.push(Call::new(assets, &deposit)?);
    }
    let amount = money(chain, contracts, signer).await?;
    if !amount.is_zero() {
        let deposit = ExecuteMsg::DepositFinancial {
            amount,
            credit: Credit::Account,
        };
        calls.push(Call::new(assets, &deposit)?);
    }
    if !calls.is_empty() {
        chain.execute_many(signer, calls).await?;
    }
    Ok(())
}

async fn claims<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    signer: &Signer,
) -> Result<Vec<ClaimBalance>, AgentError> {
    let assets = &contracts.market()?.assets;
    let mut all: Vec<ClaimBalance> = Vec::new();
    loop {
        let query = QueryMsg::Claims {
            holder: signer.address.clone(),
            start_after: all.last().map(|claim| claim.class),
            limit: Some(MAX_LIMIT),
        };
        let page: ClaimsResponse = chain.query(assets, &query).await?;
        if page.claims.is_empty() {
            return Ok(all);
        }
        all.extend(page.claims);
    }
}

async fn money<C: Chain>(
    chain: &C,
    contracts: &Contracts,
    signer: &Signer,
) -> Result<Uint128, AgentError> {
    let query = QueryMsg::Holder {
        holder: signer.address.clone(),
    };
    let answer: HolderResponse = chain.query(&contracts.market()?.assets, &query).await?;
    Ok(answer.money)
}

/// Packed offer numbers.
fn numbers(event: &ChainEvent, key: &'static str) -> Result<Vec<u64>, AgentError> {
    let packed = event.attribute(key).unwrap_or_default();
    let wrong = || unexpected(key, packed, "8 bytes a number in base64");
    let bytes = Binary::from_base64(packed).map_err(|_| wrong())?;
    let (chunks, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(wrong());
    }
    Ok(chunks
        .iter()
        .map(|chunk| u64::from_le_bytes(*chunk))
        .collect())
}
