//! Batches: what goes to the chain as one message, written down before it is sent.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::place::height as to_height;
use super::values::malformed;
use super::{Ledger, LedgerError};

/// What a batch does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// Issues permits and pays money in.
    Issue,
    /// Credits deposited energy to accounts.
    Credit,
    /// Pays returned money out.
    PayOut,
}

/// A batch under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub id: i64,
    /// What it does.
    pub kind: BatchKind,
}

impl BatchKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Credit => "credit",
            Self::PayOut => "pay_out",
        }
    }

    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        match row.get_ref(at)?.as_str()? {
            "issue" => Ok(Self::Issue),
            "credit" => Ok(Self::Credit),
            "pay_out" => Ok(Self::PayOut),
            other => Err(malformed(at, other)),
        }
    }
}

impl Ledger {
    /// The batch that may be on the chain or on its way there.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], as for everything below.
    pub fn under_way(&self) -> Result<Option<Batch>, LedgerError> {
        self.with(under_way)
    }

    /// Notes that a batch has taken effect at `height`, in transaction `tx_hash` where that is known.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn finish(
        &self,
        batch: Batch,
        height: u64,
        tx_hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.with(|tx| finish(tx, batch, height, tx_hash))
    }

    /// Notes that a batch will never take effect: what was in it waits again.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn undo(&self, batch: Batch) -> Result<(), LedgerError> {
        self.with(|tx| undo(tx, batch))
    }

    /// Notes that a batch of one row was refused for good.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn refuse(&self, batch: Batch, reason: &str) -> Result<(), LedgerError> {
        self.with(|tx| refuse(tx, batch, reason))
    }
}

pub(super) fn begin(tx: &Transaction<'_>, kind: BatchKind) -> rusqlite::Result<Batch> {
    tx.execute(
        "INSERT INTO batches (kind, state) VALUES (?1, 'sending')",
        [kind.name()],
    )?;
    Ok(Batch {
        id: tx.last_insert_rowid(),
        kind,
    })
}

pub(super) fn under_way(tx: &Transaction<'_>) -> rusqlite::Result<Option<Batch>> {
    let text = "SELECT id, kind FROM batches WHERE state = 'sending' ORDER BY id";
    tx.query_row(text, [], |row| {
        Ok(Batch {
            id: row.get(0)?,
            kind: BatchKind::read(row, 1)?,
        })
    })
    .optional()
}

pub(super) fn finish(
    tx: &Transaction<'_>,
    batch: Batch,
    height: u64,
    hash: Option<&str>,
) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE batches SET state = 'done', height = ?2, tx = ?3 WHERE id = ?1",
        params![batch.id, to_height(height), hash],
    )?;
    let text = match batch.kind {
        BatchKind::Issue => "UPDATE withdrawals SET state = 'issued' WHERE batch = ?1",
        BatchKind::Credit => "UPDATE energy_deposits SET state = 'credited' WHERE batch = ?1",
        BatchKind::PayOut => "UPDATE money_deposits SET state = 'paid' WHERE batch = ?1",
    };
    tx.execute(text, [batch.id])?;
    Ok(())
}

fn undo(tx: &Transaction<'_>, batch: Batch) -> rusqlite::Result<()> {
    close(tx, batch)?;
    let text = match batch.kind {
        BatchKind::Issue => {
            "UPDATE withdrawals SET state = 'requested', batch = NULL WHERE batch = ?1"
        }
        BatchKind::Credit => {
            "UPDATE energy_deposits SET state = 'seen', batch = NULL WHERE batch = ?1"
        }
        BatchKind::PayOut => {
            "UPDATE money_deposits SET state = 'seen', batch = NULL WHERE batch = ?1"
        }
    };
    tx.execute(text, [batch.id])?;
    Ok(())
}

fn refuse(tx: &Transaction<'_>, batch: Batch, reason: &str) -> rusqlite::Result<()> {
    close(tx, batch)?;
    match batch.kind {
        BatchKind::Issue => {
            let text = "SELECT id FROM withdrawals WHERE batch = ?1";
            let ids: Vec<i64> = tx
                .prepare_cached(text)?
                .query_map([batch.id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for id in ids {
                super::withdrawals::fail(tx, id, reason)?;
            }
        }
        BatchKind::Credit => {
            tx.execute(
                "UPDATE energy_deposits SET state = 'refused', reason = ?2 WHERE batch = ?1",
                params![batch.id, reason],
            )?;
        }
        BatchKind::PayOut => {
            tx.execute(
                "UPDATE money_deposits SET state = 'failed' WHERE batch = ?1",
                [batch.id],
            )?;
        }
    }
    Ok(())
}

fn close(tx: &Transaction<'_>, batch: Batch) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE batches SET state = 'void' WHERE id = ?1",
        [batch.id],
    )?;
    Ok(())
}
