//! Returned money goes back to accounts, many at a time.

use std::sync::atomic::Ordering;

use cosmwasm_std::Uint128;
use gridweave_chain::{Call, Chain, ChainEvent};
use gridweave_types::assets::{ExecuteMsg, MAX_PAYOUTS, Payee, Payout};

use super::Dso;
use super::follow::unpaid;
use super::send::{PageRow, Parts};
use crate::DsoError;
use crate::ledger::{Batch, BatchKind, Ledger, PayKey};

impl<C: Chain> Dso<C> {
    /// Pays all money that was returned to the accounts that it belongs to, one sum each: as balance
    /// in `billing`, or as coins where that was wished. Returns how many payments were sent. One that
    /// cannot be received is tried again when [`Policy::retry_seconds`](crate::Policy::retry_seconds)
    /// says so.
    ///
    /// # Errors
    /// As [`Dso::issue_batch`].
    pub async fn pay_out(&self) -> Result<usize, DsoError> {
        let _turn = self.turn.lock().await;
        self.recover().await?;
        self.follow_deposits().await?;
        self.retry().await?;
        let mut rows: Vec<_> = self.ledger.unpaid()?.into_iter().map(Payment).collect();
        self.order.arrange(&mut rows);
        let sent = self.send_pages(rows, BatchKind::PayOut).await?;
        if sent > 0 {
            tracing::info!(sent, "paid out");
        }
        Ok(sent)
    }

    /// Lets payments that could not be received wait for the next batch again, where it is time.
    async fn retry(&self) -> Result<(), DsoError> {
        let turn = self.chain.time().await? / self.policy.retry_seconds.max(1);
        if self.retried.swap(turn, Ordering::Relaxed) == turn {
            return Ok(());
        }
        match self.ledger.retry_payments()? {
            0 => {}
            deposits => tracing::info!(deposits, "payments that came back are tried again"),
        }
        Ok(())
    }
}

/// One payment: who, and how much (µ).
struct Payment((PayKey, u128));

impl PageRow for Payment {
    const PAGE: usize = MAX_PAYOUTS;

    fn calls(parts: Parts<'_>, page: &[Self]) -> Result<Vec<Call>, DsoError> {
        let rows = page.iter().map(|Payment((key, amount))| Payout {
            payee: match key.as_coins {
                true => Payee::Address(key.account.clone()),
                false => Payee::Account(key.account.clone()),
            },
            amount: Uint128::new(*amount),
        });
        let pay = ExecuteMsg::PayOut {
            rows: rows.collect(),
        };
        Ok(vec![Call::new(parts.assets, &pay)?])
    }

    fn begin(ledger: &Ledger, page: &[Self]) -> Result<Batch, DsoError> {
        let keys: Vec<PayKey> = page.iter().map(|Payment((key, _))| key.clone()).collect();
        Ok(ledger.begin_pay_out(&keys)?)
    }

    fn after(
        ledger: &Ledger,
        batch: Batch,
        _page: &[Self],
        events: &[ChainEvent],
    ) -> Result<(), DsoError> {
        let failed = events
            .iter()
            .filter(|event| event.kind == "wasm-payout_failed");
        for event in failed {
            let key = unpaid(event);
            tracing::warn!(account = key.account, "a payment could not be received");
            ledger.came_back(batch, &key)?;
        }
        Ok(())
    }
}
