//! Deposited claims become paid commitments of accounts in `billing`.

use std::collections::BTreeMap;

use cosmwasm_std::Int64;
use gridweave_agents::market::ledger as market;
use gridweave_chain::{Call, Chain};
use gridweave_types::assets::{
    DeliveriesResponse, DepositRow, ExecuteMsg, MAX_CREDITS, QueryMsg, Side,
};
use gridweave_types::market::Phase;
use gridweave_types::page::MAX_LIMIT;

use super::Dso;
use super::send::{PageRow, Parts};
use crate::DsoError;
use crate::ledger::{Batch, BatchKind, Credit, CreditKey, Ledger};

impl<C: Chain> Dso<C> {
    /// Credits every interval whose claims have all come back, or whose time to credit has come;
    /// many accounts a message, and all that an account has in an interval in one. Returns how many
    /// accounts and intervals were credited. What cannot be credited any more, or is refused by
    /// `billing`, is written down as refused.
    ///
    /// # Errors
    /// As [`Dso::issue_batch`].
    pub async fn credit(&self) -> Result<usize, DsoError> {
        let _turn = self.turn.lock().await;
        self.recover().await?;
        self.follow_deposits().await?;
        let now = self.chain.time().await?;
        let open = self.times.first_open(now);
        let late = format!("deposited too late: interval {open} is the first that can be credited");
        match self.ledger.give_up(open, &late)? {
            0 => {}
            deposits => tracing::warn!(deposits, open, "came too late to be credited"),
        }
        let waiting = self.ledger.uncredited()?;
        let mut ready: BTreeMap<u32, bool> = BTreeMap::new();
        let mut rows = Vec::new();
        for (key, credit) in waiting {
            let ready = match ready.get(&key.interval) {
                Some(ready) => *ready,
                None => {
                    let found = self.is_ready(key.interval, now).await?;
                    *ready.entry(key.interval).or_insert(found)
                }
            };
            if ready {
                rows.push(Row { key, credit });
            }
        }
        self.order.arrange(&mut rows);
        let sent = self.send_pages(rows, BatchKind::Credit).await?;
        if sent > 0 {
            tracing::info!(sent, "credited");
        }
        Ok(sent)
    }

    /// Whether `interval` is to be credited now.
    async fn is_ready(&self, interval: u32, now: u64) -> Result<bool, DsoError> {
        let credit_at = self.times.deadline(interval);
        if now.saturating_add(self.policy.credit_seconds) >= credit_at {
            return Ok(true);
        }
        Ok(self.is_settled(interval).await? && self.claimed(interval, None).await? == 0)
    }

    /// Whether the trades of `interval` are final and settled to the last.
    pub(super) async fn is_settled(&self, interval: u32) -> Result<bool, DsoError> {
        let status = market::status(&self.chain, &self.market.market).await?;
        let settled = match status.phase {
            Phase::Settling => status.next.saturating_sub(1),
            Phase::Open | Phase::Sweeping => status.next,
        };
        Ok(interval < settled)
    }

    /// Energy of `interval` in claims that were not deposited (Wh), on one side or both.
    pub(super) async fn claimed(&self, interval: u32, side: Option<Side>) -> Result<u64, DsoError> {
        let (mut claimed, mut start_after) = (0u64, None);
        loop {
            let query = QueryMsg::Deliveries {
                interval,
                start_after,
                limit: Some(MAX_LIMIT),
            };
            let page: DeliveriesResponse = self.chain.query(&self.market.assets, &query).await?;
            for row in &page.deliveries {
                if side.is_none_or(|side| side == row.class.side) {
                    claimed = claimed.saturating_add(row.claimed.u64());
                }
            }
            let Some(last) = page.deliveries.last() else {
                return Ok(claimed);
            };
            start_after = Some((last.class.side, last.class.feeder));
        }
    }
}

/// What one account gets for one interval.
struct Row {
    key: CreditKey,
    credit: Credit,
}

impl PageRow for Row {
    /// Each becomes at most two rows of the message: sold and bought.
    const PAGE: usize = MAX_CREDITS / 2;

    fn calls(parts: Parts<'_>, page: &[Self]) -> Result<Vec<Call>, DsoError> {
        let mut rows = Vec::with_capacity(2 * page.len());
        for row in page {
            let Credit { sold, bought } = row.credit;
            let energies = [signed(sold), signed(bought).saturating_neg()];
            rows.extend(
                energies
                    .into_iter()
                    .filter(|energy| *energy != 0)
                    .map(|energy| DepositRow {
                        account: row.key.account.clone(),
                        interval: row.key.interval,
                        energy: Int64::new(energy),
                    }),
            );
        }
        let credit = ExecuteMsg::CreditDeposits { rows };
        Ok(vec![Call::new(parts.assets, &credit)?])
    }

    fn begin(ledger: &Ledger, page: &[Self]) -> Result<Batch, DsoError> {
        let keys: Vec<CreditKey> = page.iter().map(|row| row.key.clone()).collect();
        Ok(ledger.begin_credit(&keys)?)
    }
}

fn signed(energy: u64) -> i64 {
    i64::try_from(energy).unwrap_or(i64::MAX)
}
