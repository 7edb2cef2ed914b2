//! One posting period of a home, under a key of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use cosmwasm_std::Uint128;
use gridweave_agents::market::plan::Plan;
use gridweave_chain::{Chain, MarketContracts, Signer};
use gridweave_types::assets::{
    self, ClaimBalance, ClaimClass, ClaimsResponse, Credit, HolderResponse, MAX_CLAIMS,
    PermitClass, PermitsResponse,
};
use gridweave_types::page::MAX_LIMIT;

use super::{HomeError, Slot};
use crate::Request;

/// How far a period has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Permits are asked for, or about to be.
    Asking,
    /// Permits are there; its moment to post has not come.
    Posting,
    /// Offers are posted; claims and money may come.
    Trading,
    /// Everything is handed back.
    Over,
}

/// A period.
#[derive(Debug)]
pub(super) struct Period {
    pub(super) slot: Slot,
    pub(super) signer: Signer,
    pub(super) plans: Vec<Plan>,
    pub(super) stage: Stage,
    /// Those of the plans that there are permits for.
    pub(super) issued: Vec<Plan>,
    /// Whether the operator was seen to have given nothing yet: then nothing can have been posted.
    pub(super) waits: bool,
    /// The market's next interval when claims and money were last looked for.
    pub(super) looked: Option<u32>,
    /// Claims that wait for their moment, by interval.
    pub(super) claims: BTreeMap<u32, Vec<ClaimBalance>>,
}

impl Period {
    /// What it asks the operator for, one request a plan.
    pub(super) fn requests(&self, base: u32) -> impl Iterator<Item = Request> + '_ {
        let holder = &self.signer.address;
        self.plans.iter().enumerate().map(move |(at, plan)| {
            let needs = plan.needs(holder);
            Request {
                holder: needs.holder,
                class: needs.class,
                energy: needs.energy,
                money: needs.money,
                // The first interval of the plan may move; then these are other requests.
                reference: Some(format!("{base}-{}-{at}", self.slot)),
            }
        })
    }

    /// The last interval that any of its offers reaches.
    pub(super) fn last(&self) -> u32 {
        let ends = self.plans.iter().map(|plan| plan.class.intervals.last().0);
        ends.max().unwrap_or_default()
    }

    /// The first interval from `from` on that any of its offers reaches.
    pub(super) fn first_from(&self, from: u32) -> Option<u32> {
        let plans = self.plans.iter();
        let own = plans.flat_map(|plan| plan.class.intervals.iter());
        own.map(|interval| interval.0)
            .filter(|interval| *interval >= from)
            .min()
    }

    /// Whether any of its offers reaches one of `intervals`.
    pub(super) fn reaches(&self, intervals: Range<u32>) -> bool {
        let mut plans = self.plans.iter();
        plans.any(|plan| {
            let mut own = plan.class.intervals.iter();
            own.any(|interval| intervals.contains(&interval.0))
        })
    }

    /// Those of `issued` whose permits are still there and can be used: they are not posted yet.
    pub(super) async fn postable<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
        issued: &[Plan],
        next: u32,
    ) -> Result<Vec<Plan>, HomeError> {
        let open: Vec<Plan> = issued
            .iter()
            .filter(|plan| plan.class.intervals.last().0 >= next)
            .copied()
            .collect();
        if open.is_empty() || self.waits {
            return Ok(open);
        }
        let mut free = self.permits(chain, contracts).await?;
        let mut postable = Vec::with_capacity(open.len());
        for plan in open {
            if let Some(left) = free
                .get_mut(&plan.class)
                .and_then(|free| free.checked_sub(plan.energy))
            {
                free.insert(plan.class, left);
                postable.push(plan);
            }
        }
        Ok(postable)
    }

    /// Posts offers in one transaction.
    pub(super) async fn post<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
        plans: &[Plan],
    ) -> Result<(), HomeError> {
        let calls = plans.iter().map(|plan| plan.post(&contracts.market));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        chain.execute_many(&self.signer, calls).await?;
        Ok(())
    }

    /// Hands claims over to the operator.
    pub(super) async fn deposit<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
        claims: &[ClaimBalance],
    ) -> Result<(), HomeError> {
        for page in claims.chunks(MAX_CLAIMS) {
            let deposit = assets::ExecuteMsg::DepositEnergy {
                holder: None,
                claims: page.to_vec(),
            };
            chain
                .execute(&self.signer, &contracts.assets, &deposit)
                .await?;
        }
        Ok(())
    }

    /// Returns money to the operator.
    pub(super) async fn return_money<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
        amount: u128,
        credit: Credit,
    ) -> Result<(), HomeError> {
        let deposit = assets::ExecuteMsg::DepositFinancial {
            amount: Uint128::new(amount),
            credit,
        };
        chain
            .execute(&self.signer, &contracts.assets, &deposit)
            .await?;
        Ok(())
    }

    /// Free money (µ).
    pub(super) async fn money<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
    ) -> Result<u128, HomeError> {
        let query = assets::QueryMsg::Holder {
            holder: self.signer.address.clone(),
        };
        let holder: HolderResponse = chain.query(&contracts.assets, &query).await?;
        Ok(holder.money.u128())
    }

    /// All claims, by interval.
    pub(super) async fn claims<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
    ) -> Result<BTreeMap<u32, Vec<ClaimBalance>>, HomeError> {
        let mut claims: BTreeMap<u32, Vec<ClaimBalance>> = BTreeMap::new();
        let mut start_after: Option<ClaimClass> = None;
        loop {
            let query = assets::QueryMsg::Claims {
                holder: self.signer.address.clone(),
                start_after,
                limit: Some(MAX_LIMIT),
            };
            let page: ClaimsResponse = chain.query(&contracts.assets, &query).await?;
            let Some(last) = page.claims.last() else {
                return Ok(claims);
            };
            start_after = Some(last.class);
            for claim in page.claims {
                claims.entry(claim.class.interval).or_default().push(claim);
            }
        }
    }

    /// Free permits.
    async fn permits<C: Chain>(
        &self,
        chain: &C,
        contracts: &MarketContracts,
    ) -> Result<BTreeMap<PermitClass, u64>, HomeError> {
        let mut permits = BTreeMap::new();
        let mut start_after: Option<PermitClass> = None;
        loop {
            let query = assets::QueryMsg::Permits {
                holder: self.signer.address.clone(),
                start_after,
                limit: Some(MAX_LIMIT),
            };
            let page: PermitsResponse = chain.query(&contracts.assets, &query).await?;
            let Some(last) = page.permits.last() else {
                return Ok(permits);
            };
            start_after = Some(last.class);
            let page = page.permits.iter();
            permits.extend(page.map(|permit| (permit.class, permit.energy.u64())));
        }
    }
}
