//! Bank transfers to the operator that have raised a purse.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::place::height as to_height;
use super::values::read_text;
use super::{Ledger, LedgerError, participants};

/// A transfer that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Hash of its transaction, upper-case hex.
    pub hash: String,
    /// Who paid.
    pub account: String,
    /// Height of its block.
    pub height: u64,
    /// Amount (µ).
    #[serde(with = "crate::decimal")]
    pub amount: u128,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Payment> {
    Ok(Payment {
        hash: row.get(0)?,
        account: row.get(1)?,
        height: row.get::<_, i64>(2)?.unsigned_abs(),
        amount: read_text(row, 3)?,
    })
}

impl Ledger {
    /// The payment of this transaction, if it has counted.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], as below.
    pub fn payment(&self, hash: &str) -> Result<Option<Payment>, LedgerError> {
        self.with(|tx| {
            let text = "SELECT hash, account, height, amount FROM payments WHERE hash = ?1";
            tx.query_row(text, [hash], read).optional()
        })
    }

    /// Raises the payer's purse, once for every transaction; whether this was the first time.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn take_payment(&self, payment: &Payment) -> Result<bool, LedgerError> {
        self.with(|tx| {
            let added = tx.execute(
                "INSERT OR IGNORE INTO payments VALUES (?1, ?2, ?3, ?4)",
                params![
                    payment.hash,
                    payment.account,
                    to_height(payment.height),
                    payment.amount.to_string()
                ],
            )?;
            if added == 1 {
                participants::raise(tx, &payment.account, payment.amount)?;
            }
            Ok(added == 1)
        })
    }
}
