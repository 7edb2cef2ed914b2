//! The ledger as a check sees it, inside the transaction that the entry is part of.

use gridweave_types::assets::Side;
use gridweave_units::IntervalSet;
use rusqlite::{Row, Transaction, params};

use super::participants;
use super::values::{read_energy, read_text, side};

/// What a check may look at.
pub struct View<'a>(&'a Transaction<'a>);

impl<'a> View<'a> {
    pub(super) fn new(tx: &'a Transaction<'a>) -> Self {
        Self(tx)
    }

    /// Whose address this is.
    pub(crate) fn account_of(&self, holder: &str) -> rusqlite::Result<Option<String>> {
        participants::account_of(self.0, holder)
    }

    /// Money in the purse of `account` (µ).
    pub(crate) fn purse(&self, account: &str) -> rusqlite::Result<u128> {
        participants::purse(self.0, account)
    }

    /// What `account` has asked for on a side and was not refused, in sets that reach `from`.
    pub(crate) fn held(
        &self,
        account: &str,
        side_of: Side,
        from: u32,
    ) -> rusqlite::Result<Vec<(IntervalSet, u64)>> {
        let text = "SELECT intervals, energy FROM withdrawals WHERE account = ?1 AND side = ?2
                    AND last >= ?3 AND state != 'failed'";
        let mut statement = self.0.prepare_cached(text)?;
        let rows = statement.query_map(params![account, side(side_of), from], amount)?;
        rows.collect()
    }

    /// Withdrawals of `account` that reach `from` and were not refused.
    pub(crate) fn open(&self, account: &str, from: u32) -> rusqlite::Result<u32> {
        let text = "SELECT count(*) FROM withdrawals WHERE account = ?1 AND last >= ?2
                    AND state != 'failed'";
        let mut statement = self.0.prepare_cached(text)?;
        statement.query_row(params![account, from], |row| row.get(0))
    }

    /// What is promised on a side of a feeder and not issued yet, in sets that reach `from`.
    pub(crate) fn promised(
        &self,
        feeder: u32,
        side_of: Side,
        from: u32,
    ) -> rusqlite::Result<Vec<(IntervalSet, u64)>> {
        let text = "SELECT intervals, energy FROM withdrawals WHERE feeder = ?1 AND side = ?2
                    AND last >= ?3 AND state IN ('requested', 'issuing')";
        let mut statement = self.0.prepare_cached(text)?;
        let rows = statement.query_map(params![feeder, side(side_of), from], amount)?;
        rows.collect()
    }
}

fn amount(row: &Row<'_>) -> rusqlite::Result<(IntervalSet, u64)> {
    Ok((read_text(row, 0)?, read_energy(row, 1)?))
}
