//! The trader's part: offers from a fresh key in every posting period.

use cosmwasm_std::Uint64;
use gridweave_chain::{Call, Chain, ContractAddr, Signer};
use gridweave_types::assets::PermitClass;
use gridweave_types::market::ExecuteMsg;

use super::dso::Withdrawal;
use super::notes::read;
use crate::AgentError;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Side, feeder and intervals.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Reservation price (µ/kWh).
    pub price: u64,
}

/// What one home offers in one posting period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trader {
    signer: Signer,
    plans: Vec<Plan>,
}

impl Trader {
    /// A home that offers `plans` in `period` under a key that it uses in no other.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when there is no such key.
    pub async fn new<C: Chain>(
        chain: &C,
        home: usize,
        period: u32,
        plans: Vec<Plan>,
    ) -> Result<Self, AgentError> {
        let signer = chain.signer(&Self::key_name(home, period)).await?;
        Ok(Self { signer, plans })
    }

    /// Name of the key of `home` in `period`.
    pub fn key_name(home: usize, period: u32) -> String {
        format!("trader-{home}-{period}")
    }

    /// The key it uses in this period.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// What it asks the operator for.
    pub fn withdrawals(&self) -> impl Iterator<Item = Withdrawal> + '_ {
        let holder = &self.signer.address;
        let plans = self.plans.iter();
        plans.map(|plan| Withdrawal::of_offer(holder, plan.class, plan.energy, plan.price))
    }

    /// Posts everything in one transaction; the offers' numbers, in the order of the plans.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the market refuses an offer, then none is posted.
    pub async fn post<C: Chain>(
        &self,
        chain: &C,
        market: &ContractAddr,
    ) -> Result<Vec<u32>, AgentError> {
        let call = |plan: &Plan| {
            let post = ExecuteMsg::PostOffer {
                permit: plan.class,
                energy: Uint64::new(plan.energy),
                price: Uint64::new(plan.price),
            };
            Call::new(market, &post)
        };
        let calls: Result<_, _> = self.plans.iter().map(call).collect();
        let response = chain.execute_many(&self.signer, calls?).await?;
        let own = response.events.iter().filter(|event| {
            event.contract.as_ref() == Some(market) && event.action() == Some("offer_posted")
        });
        own.map(|event| read(event, "offer", "an offer number"))
            .collect()
    }
}
