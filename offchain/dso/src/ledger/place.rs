//! How far the chain's events have been read.

use rusqlite::{OptionalExtension, Transaction, params};

use super::{Ledger, LedgerError};

/// A place in the chain's events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Height of the block that is read next.
    pub height: u64,
    /// Events of that block that have been read.
    pub seen: usize,
}

impl Ledger {
    /// Where to read on; `None` before anything was read.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn place(&self) -> Result<Option<Place>, LedgerError> {
        self.with(|tx| {
            let row = tx.query_row("SELECT height, seen FROM place", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            });
            Ok(row.optional()?.map(|(height, seen)| Place {
                height: height.unsigned_abs(),
                seen: usize::try_from(seen).unwrap_or_default(),
            }))
        })
    }

    /// Notes where to read on.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn set_place(&self, place: Place) -> Result<(), LedgerError> {
        self.with(|tx| set_place(tx, place))
    }
}

pub(super) fn set_place(tx: &Transaction<'_>, place: Place) -> rusqlite::Result<()> {
    let seen = i64::try_from(place.seen).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO place VALUES (1, ?1, ?2)
         ON CONFLICT (only) DO UPDATE SET height = ?1, seen = ?2",
        params![height(place.height), seen],
    )?;
    Ok(())
}

pub(super) fn height(height: u64) -> i64 {
    i64::try_from(height).unwrap_or(i64::MAX)
}
