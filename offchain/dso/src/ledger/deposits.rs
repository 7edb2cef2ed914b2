//! Deposits: what came back from anonymous addresses, and whether it was credited or paid.

use std::collections::BTreeMap;

use gridweave_types::assets::Side;
use rusqlite::{Transaction, params};

use super::batches::{self, Batch, BatchKind};
use super::values::{read_energy, read_side, read_text, side};
use super::{Ledger, LedgerError};

/// An account and an interval, whose deposits are credited together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CreditKey {
    /// The account.
    pub account: String,
    /// The interval.
    pub interval: u32,
}

/// What an account has deposited for one interval (Wh).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Credit {
    /// Sold.
    pub sold: u64,
    /// Bought.
    pub bought: u64,
}

/// Who is paid, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PayKey {
    /// The account.
    pub account: String,
    /// As coins rather than to the account in `billing`.
    pub as_coins: bool,
}

impl Ledger {
    /// Energy that waits to be credited, by account and interval.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn uncredited(&self) -> Result<BTreeMap<CreditKey, Credit>, LedgerError> {
        let text = "SELECT account, interval, side, energy FROM energy_deposits
                    WHERE state = 'seen'";
        self.with(|tx| {
            let mut sums: BTreeMap<CreditKey, Credit> = BTreeMap::new();
            let mut statement = tx.prepare_cached(text)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key = CreditKey {
                    account: row.get(0)?,
                    interval: row.get(1)?,
                };
                let sum = sums.entry(key).or_default();
                let total = match read_side(row, 2)? {
                    Side::Sell => &mut sum.sold,
                    Side::Buy => &mut sum.bought,
                };
                *total = total.saturating_add(read_energy(row, 3)?);
            }
            Ok(sums)
        })
    }

    /// Notes that the energy of these accounts and intervals is credited as one batch.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn begin_credit(&self, keys: &[CreditKey]) -> Result<Batch, LedgerError> {
        self.with(|tx| {
            let batch = batches::begin(tx, BatchKind::Credit)?;
            let text = "UPDATE energy_deposits SET state = 'crediting', batch = ?3
                        WHERE account = ?1 AND interval = ?2 AND state = 'seen'";
            for key in keys {
                tx.prepare_cached(text)?
                    .execute(params![key.account, key.interval, batch.id])?;
            }
            Ok(batch)
        })
    }

    /// Notes that energy for intervals before `interval` came too late to be credited; how many
    /// deposits that are.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn give_up(&self, interval: u32, reason: &str) -> Result<usize, LedgerError> {
        self.with(|tx| {
            tx.execute(
                "UPDATE energy_deposits SET state = 'refused', reason = ?2
                 WHERE state = 'seen' AND interval < ?1",
                params![interval, reason],
            )
        })
    }

    /// Energy (Wh) of an account on one side of an interval that was credited.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn credited(
        &self,
        account: &str,
        side_of: Side,
        interval: u32,
    ) -> Result<u64, LedgerError> {
        let text = "SELECT coalesce(sum(energy), 0) FROM energy_deposits WHERE account = ?1
                    AND side = ?2 AND interval = ?3 AND state = 'credited'";
        self.with(|tx| {
            tx.query_row(text, params![account, side(side_of), interval], |row| {
                read_energy(row, 0)
            })
        })
    }

    /// Returned money that waits to be paid, by payee (µ).
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn unpaid(&self) -> Result<BTreeMap<PayKey, u128>, LedgerError> {
        let text = "SELECT account, payee = 'coins', amount FROM money_deposits
                    WHERE state = 'seen'";
        self.with(|tx| {
            let mut sums: BTreeMap<PayKey, u128> = BTreeMap::new();
            let mut statement = tx.prepare_cached(text)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key = PayKey {
                    account: row.get(0)?,
                    as_coins: row.get(1)?,
                };
                let sum = sums.entry(key).or_default();
                *sum = sum.saturating_add(read_text(row, 2)?);
            }
            Ok(sums)
        })
    }

    /// Whether all money that was issued has been returned, and nothing waits to be issued, credited or
    /// paid.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn is_at_rest(&self) -> Result<bool, LedgerError> {
        let waiting =
            "SELECT EXISTS (SELECT 1 FROM withdrawals WHERE state IN ('requested', 'issuing'))
                    OR EXISTS (SELECT 1 FROM energy_deposits WHERE state IN ('seen', 'crediting'))
                    OR EXISTS (SELECT 1 FROM money_deposits WHERE state IN ('seen', 'paying'))";
        self.with(|tx| {
            if tx.query_row(waiting, [], |row| row.get(0))? {
                return Ok(false);
            }
            let issued = sum(tx, "SELECT money FROM withdrawals WHERE state = 'issued'")?;
            Ok(issued == sum(tx, "SELECT amount FROM money_deposits")?)
        })
    }

    /// Notes that all that waits for these payees is paid as one batch.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn begin_pay_out(&self, keys: &[PayKey]) -> Result<Batch, LedgerError> {
        self.with(|tx| {
            let batch = batches::begin(tx, BatchKind::PayOut)?;
            let text = "UPDATE money_deposits SET state = 'paying', batch = ?3
                        WHERE account = ?1 AND payee = ?2 AND state = 'seen'";
            for key in keys {
                tx.prepare_cached(text)?
                    .execute(params![key.account, payee(key), batch.id])?;
            }
            Ok(batch)
        })
    }

    /// Notes that a payment of a finished batch came back.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn came_back(&self, batch: Batch, key: &PayKey) -> Result<(), LedgerError> {
        self.with(|tx| came_back(tx, batch, key))
    }

    /// Lets payments that came back wait for the next batch again; how many deposits that are.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn retry_payments(&self) -> Result<usize, LedgerError> {
        let text = "UPDATE money_deposits SET state = 'seen', batch = NULL WHERE state = 'failed'";
        self.with(|tx| tx.execute(text, []))
    }
}

/// The sum of the amounts (µ) that `text` selects.
fn sum(tx: &Transaction<'_>, text: &str) -> rusqlite::Result<u128> {
    let mut statement = tx.prepare_cached(text)?;
    let amounts = statement.query_map([], |row| read_text::<u128>(row, 0))?;
    let mut sum = 0u128;
    for amount in amounts {
        sum = sum.saturating_add(amount?);
    }
    Ok(sum)
}

pub(super) fn payee(key: &PayKey) -> &'static str {
    match key.as_coins {
        true => "coins",
        false => "account",
    }
}

pub(super) fn came_back(tx: &Transaction<'_>, batch: Batch, key: &PayKey) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE money_deposits SET state = 'failed'
         WHERE batch = ?1 AND account = ?2 AND payee = ?3",
        params![batch.id, key.account, payee(key)],
    )?;
    Ok(())
}
