//! Sold energy that its seller keeps to itself is called in.

use gridweave_agents::market::ledger as market;
use gridweave_chain::{Call, Chain, ChainError};
use gridweave_types::assets::{
    ClaimBalance, ClaimClass, ClaimsResponse, ExecuteMsg, QueryMsg, Side,
};
use gridweave_types::page::MAX_LIMIT;

use super::{Dso, Step};
use crate::DsoError;

/// Most addresses whose energy is called in by one transaction.
const PAGE: usize = 50;

impl<C: Chain> Dso<C> {
    /// Calls in what was sold for intervals whose time has come and was not deposited: it is owed
    /// and has been paid. Returns from how many addresses. Nothing needs to be written down: what was
    /// called in is no longer claimed.
    ///
    /// # Errors
    /// [`DsoError::Chain`], [`DsoError::Ledger`].
    pub async fn call_in(&self) -> Result<usize, DsoError> {
        let _turn = self.turn.lock().await;
        let now = self.chain.time().await?;
        let next = market::status(&self.chain, &self.market.market).await?.next;
        let mut called = 0;
        for interval in self.times.first_open(now)..next {
            let at = self.times.deadline(interval);
            if now.saturating_add(self.policy.call_in_seconds) < at {
                break;
            }
            if self.is_settled(interval).await?
                && self.claimed(interval, Some(Side::Sell)).await? > 0
            {
                called += self.call_in_interval(interval).await?;
            }
        }
        Ok(called)
    }

    async fn call_in_interval(&self, interval: u32) -> Result<usize, DsoError> {
        let mut calls = Vec::new();
        for holder in self.ledger.holders_at(Side::Sell, interval)? {
            let claims = self.sold(&holder, interval).await?;
            if claims.is_empty() {
                continue;
            }
            let call_in = ExecuteMsg::DepositEnergy {
                holder: Some(holder),
                claims,
            };
            calls.push(Call::new(&self.market.assets, &call_in)?);
        }
        self.order.arrange(&mut calls);
        let called = calls.len();
        for page in calls.chunks(PAGE) {
            if !self.try_to_call_in(page).await? {
                // A holder was faster: the others' still have to come.
                for call in page {
                    self.try_to_call_in(std::slice::from_ref(call)).await?;
                }
            }
        }
        if called > 0 {
            tracing::info!(interval, called, "sold energy called in");
        }
        Ok(called)
    }

    /// Sends `calls` as one transaction; `false` when the contract refuses one of them.
    async fn try_to_call_in(&self, calls: &[Call]) -> Result<bool, DsoError> {
        self.reach(Step::CallIn)?;
        match self.chain.execute_many(&self.signer, calls.to_vec()).await {
            Ok(_) => Ok(true),
            Err(ChainError::Refused { reason, .. }) => {
                tracing::debug!(calls = calls.len(), reason, "not called in");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What `holder` has sold for `interval` and not deposited.
    async fn sold(&self, holder: &str, interval: u32) -> Result<Vec<ClaimBalance>, DsoError> {
        let start = interval.checked_sub(1).map(|before| ClaimClass {
            side: Side::Buy,
            feeder: u32::MAX,
            interval: before,
        });
        let query = QueryMsg::Claims {
            holder: holder.into(),
            start_after: start,
            limit: Some(MAX_LIMIT),
        };
        let page: ClaimsResponse = self.chain.query(&self.market.assets, &query).await?;
        let of_interval = |claim: &ClaimBalance| {
            claim.class.interval == interval && claim.class.side == Side::Sell
        };
        Ok(page.claims.into_iter().filter(of_interval).collect())
    }
}
