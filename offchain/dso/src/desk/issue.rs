//! Batches of permits and money (`addEnergy`, `addFinancialBalance`).

use std::time::Duration;

use gridweave_agents::market::ledger;
use gridweave_agents::market::permits::{Withdrawal, issue_calls};
use gridweave_chain::{Call, Chain};
use tokio::time::{Instant, timeout_at};

use super::Dso;
use super::clock::Times;
use super::send::{PageRow, Parts};
use crate::DsoError;
use crate::ledger::{Batch, BatchKind, Ledger, State, WithdrawalRecord};

impl<C: Chain> Dso<C> {
    /// Gives everybody what they have asked for since the last batch, in the policy's order and
    /// many addresses a message, with leave to spend the operator's gas. Returns how many withdrawals were
    /// issued; those that turn out to be impossible are refused and their money is back in the
    /// purse.
    ///
    /// # Errors
    /// [`DsoError::Chain`] when the chain does not answer: nothing is lost, and the next call goes
    /// on; [`DsoError::Ledger`].
    pub async fn issue_batch(&self) -> Result<usize, DsoError> {
        let _turn = self.turn.lock().await;
        self.recover().await?;
        let waiting = self.ledger.requested()?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let now = self.chain.time().await?;
        let next = ledger::status(&self.chain, &self.market.market).await?.next;
        let mut rows = Vec::with_capacity(waiting.len());
        for record in waiting {
            match self.in_time(record.class, now, next) {
                Ok(()) => rows.push(record),
                Err(reason) => self.ledger.fail_withdrawal(record.id, &reason)?,
            }
        }
        self.order.arrange(&mut rows);
        let sent = self.send_pages(rows, BatchKind::Issue).await;
        self.rounds.send_modify(|rounds| *rounds += 1);
        let sent = sent?;
        tracing::info!(sent, "permits issued");
        Ok(sent)
    }
}

impl<C: Chain> Dso<C> {
    /// Withdrawal `id` when it no longer waits for a batch, or after `patience`; `None` when there is
    /// none or it is not that of `account`.
    ///
    /// # Errors
    /// [`DsoError::Ledger`].
    pub async fn answered(
        &self,
        account: &str,
        id: i64,
        patience: Duration,
    ) -> Result<Option<WithdrawalRecord>, DsoError> {
        let end = Instant::now() + patience;
        let mut rounds = self.rounds.subscribe();
        loop {
            let found = self.ledger.withdrawal(id)?;
            let own = found.filter(|record| record.account == account);
            let waits = own
                .as_ref()
                .is_some_and(|record| record.state == State::Requested);
            if !waits || timeout_at(end, rounds.changed()).await.is_err() {
                return Ok(own);
            }
        }
    }
}

impl PageRow for WithdrawalRecord {
    const PAGE: usize = 100;

    fn grantees(rows: &[Self]) -> Option<Vec<String>> {
        let mut holders: Vec<String> = Vec::new();
        for row in rows {
            if !holders.contains(&row.holder) {
                holders.push(row.holder.clone());
            }
        }
        (!holders.is_empty()).then_some(holders)
    }

    fn give_up_late(
        ledger: &Ledger,
        times: &Times,
        now: u64,
        page: &mut Vec<Self>,
    ) -> Result<bool, DsoError> {
        let before = page.len();
        let mut rest = Vec::with_capacity(before);
        for row in page.drain(..) {
            match times.begun(row.class, now) {
                Some(reason) => ledger.fail_withdrawal(row.id, &reason)?,
                None => rest.push(row),
            }
        }
        *page = rest;
        Ok(page.len() < before)
    }

    fn calls(parts: Parts<'_>, page: &[Self]) -> Result<Vec<Call>, DsoError> {
        let withdrawals: Vec<Withdrawal> = page
            .iter()
            .map(|row| Withdrawal {
                holder: row.holder.clone(),
                class: row.class,
                energy: row.energy,
                money: row.money,
            })
            .collect();
        Ok(issue_calls(parts.assets, parts.denom, &withdrawals)?)
    }

    fn begin(ledger: &Ledger, page: &[Self]) -> Result<Batch, DsoError> {
        let ids: Vec<i64> = page.iter().map(|row| row.id).collect();
        Ok(ledger.begin_issue(&ids)?)
    }
}
