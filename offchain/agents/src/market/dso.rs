//! The operator's part: feeders with their limits, and permits and money for fresh addresses.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_chain::{Call, Chain, ChainError, Coin, ContractAddr, Contracts, Signer};
use gridweave_rules::market::{FeederLimits, escrow};
use gridweave_types::assets::{self, PermitClass, PermitEntry, Side};
use gridweave_types::{grid, market};

use super::ledger;
use crate::AgentError;

/// Withdrawals in one transaction.
const PAGE: usize = 100;

/// What an address is to be given before it can offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The address.
    pub holder: String,
    /// What it may offer.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Money (µ).
    pub money: u128,
}

impl Withdrawal {
    /// All that an offer of `energy` Wh at `price` µ/kWh locks.
    pub fn of_offer(holder: &str, class: PermitClass, energy: u64, price: u64) -> Self {
        Self {
            holder: holder.into(),
            class,
            energy,
            money: match class.side {
                Side::Sell => 0,
                Side::Buy => escrow(energy, price),
            },
        }
    }
}

/// The operator of a market's grid.
#[derive(Debug, Clone, Copy)]
pub struct Dso<'a, C> {
    chain: &'a C,
    contracts: &'a Contracts,
    signer: &'a Signer,
}

impl<'a, C: Chain> Dso<'a, C> {
    /// The operator who signs as `signer`.
    pub fn new(chain: &'a C, contracts: &'a Contracts, signer: &'a Signer) -> Self {
        Self {
            chain,
            contracts,
            signer,
        }
    }

    /// Sets the limits of a feeder in the market, and registers the feeder where it is not known.
    ///
    /// # Errors
    /// [`AgentError::Chain`].
    pub async fn set_limits(&self, feeder: u32, limits: FeederLimits) -> Result<(), AgentError> {
        let mut calls = Vec::new();
        if !self.is_registered(feeder).await? {
            let add = grid::ExecuteMsg::AddFeeder {
                feeder: grid::Feeder {
                    id: feeder,
                    name: format!("feeder {feeder}"),
                    root: 0,
                    external_limit: Uint64::new(limits.export.max(limits.import)),
                    internal_limit: Uint64::new(limits.consumption.max(limits.production)),
                },
            };
            calls.push(Call::new(&self.contracts.grid, &add)?);
        }
        let set = market::ExecuteMsg::SetFeederLimits {
            feeder,
            limits: limits.into(),
        };
        calls.push(Call::new(&self.contracts.market()?.market, &set)?);
        self.chain.execute_many(self.signer, calls).await?;
        Ok(())
    }

    /// Issues permits and pays money in, page by page.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the contract refuses a page; earlier pages stay.
    pub async fn issue(&self, withdrawals: &[Withdrawal]) -> Result<(), AgentError> {
        let contracts = self.contracts.market()?;
        let denom = ledger::terms(self.chain, &contracts.market).await?.denom;
        for page in withdrawals.chunks(PAGE) {
            let calls = issue_calls(&contracts.assets, &denom, page)?;
            self.chain.execute_many(self.signer, calls).await?;
        }
        Ok(())
    }

    async fn is_registered(&self, feeder: u32) -> Result<bool, AgentError> {
        let query = grid::QueryMsg::Feeders {
            start_after: feeder.checked_sub(1),
            limit: Some(1),
        };
        let page: grid::FeedersResponse = self.chain.query(&self.contracts.grid, &query).await?;
        Ok(page.feeders.iter().any(|known| known.id == feeder))
    }
}

/// The calls of one transaction that issues permits and pays money of `denom` in, for at most
/// [`assets::MAX_ENTRIES`] withdrawals.
///
/// # Errors
/// [`ChainError::Encode`].
pub fn issue_calls(
    assets: &ContractAddr,
    denom: &str,
    withdrawals: &[Withdrawal],
) -> Result<Vec<Call>, ChainError> {
    let issue = assets::ExecuteMsg::IssuePermits {
        entries: withdrawals.iter().map(entry).collect(),
    };
    let mut calls = vec![Call::new(assets, &issue)?];
    for withdrawal in withdrawals.iter().filter(|withdrawal| withdrawal.money > 0) {
        let pay = assets::ExecuteMsg::AddFinancialBalance {
            holder: withdrawal.holder.clone(),
        };
        let coin = Coin::new(Uint128::new(withdrawal.money), denom);
        calls.push(Call::new(assets, &pay)?.with_funds(vec![coin]));
    }
    Ok(calls)
}

fn entry(withdrawal: &Withdrawal) -> PermitEntry {
    PermitEntry {
        holder: withdrawal.holder.clone(),
        class: withdrawal.class,
        energy: Uint64::new(withdrawal.energy),
    }
}
