//! Withdrawals: what participants asked for, and what came of it.

use gridweave_types::assets::{PermitClass, Side};
use gridweave_units::IntervalSet;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::batches::{self, Batch, BatchKind};
use super::values::{energy, malformed, read_energy, read_side, read_text, side};
use super::{Ledger, LedgerError, View, participants};

/// How a withdrawal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It waits for the next batch, or is on its way to the chain.
    #[serde(rename = "requested")]
    Requested,
    /// Permits and money are there.
    #[serde(rename = "issued")]
    Issued,
    /// It was refused, and nothing was given.
    #[serde(rename = "failed_withdrawal")]
    Failed,
}

/// A withdrawal as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawalRecord {
    /// Its number.
    pub id: i64,
    /// Who asked.
    pub account: String,
    /// The requester's own name for it.
    pub reference: Option<String>,
    /// Address that is to receive.
    pub holder: String,
    /// What it may offer.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Money (µ).
    pub money: u128,
    /// How it stands.
    pub state: State,
    /// Why it failed.
    pub reason: Option<String>,
    /// Height of the block that it was issued in.
    pub height: Option<u64>,
}

/// A withdrawal to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Who asks.
    pub account: String,
    /// The requester's own name for it.
    pub reference: Option<String>,
    /// Address that is to receive.
    pub holder: String,
    /// What it may offer.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Money (µ).
    pub money: u128,
}

const SELECT: &str = "SELECT w.id, w.account, w.reference, w.holder, w.side, w.feeder, w.intervals,
    w.energy, w.money, w.state, w.reason, b.height
    FROM withdrawals w LEFT JOIN batches b ON b.id = w.batch";

fn read(row: &Row<'_>) -> rusqlite::Result<WithdrawalRecord> {
    Ok(WithdrawalRecord {
        id: row.get(0)?,
        account: row.get(1)?,
        reference: row.get(2)?,
        holder: row.get(3)?,
        class: PermitClass {
            side: read_side(row, 4)?,
            feeder: row.get(5)?,
            intervals: read_text(row, 6)?,
        },
        energy: read_energy(row, 7)?,
        money: read_text(row, 8)?,
        state: match row.get_ref(9)?.as_str()? {
            "requested" | "issuing" => State::Requested,
            "issued" => State::Issued,
            "failed" => State::Failed,
            other => return Err(malformed(9, other)),
        },
        reason: row.get(10)?,
        height: row.get::<_, Option<i64>>(11)?.map(i64::unsigned_abs),
    })
}

impl Ledger {
    /// Writes a withdrawal down, if `check` finds nothing against it (`Err` with the reason makes it
    /// a failed one). `check` sees the ledger as it is, and nothing comes between it and the entry;
    /// the money leaves the purse at once.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], as for everything below.
    pub fn book(
        &self,
        booking: &Booking,
        check: impl FnOnce(&View<'_>) -> rusqlite::Result<Result<(), String>>,
    ) -> Result<WithdrawalRecord, LedgerError> {
        self.with(|tx| {
            let verdict = check(&View::new(tx))?;
            insert(tx, booking, verdict)
        })
    }

    /// What `check` says at present; nothing is written down.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn check<T>(
        &self,
        check: impl FnOnce(&View<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        self.with(|tx| check(&View::new(tx)))
    }

    /// The withdrawal with this number.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn withdrawal(&self, id: i64) -> Result<Option<WithdrawalRecord>, LedgerError> {
        self.with(|tx| one(tx, id))
    }

    /// The withdrawal that `account` calls `reference`.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn withdrawal_called(
        &self,
        account: &str,
        reference: &str,
    ) -> Result<Option<WithdrawalRecord>, LedgerError> {
        let text = format!("{SELECT} WHERE w.account = ?1 AND w.reference = ?2");
        self.with(|tx| {
            let mut statement = tx.prepare_cached(&text)?;
            statement
                .query_row(params![account, reference], read)
                .optional()
        })
    }

    /// Withdrawals that wait for a batch, oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn requested(&self) -> Result<Vec<WithdrawalRecord>, LedgerError> {
        let text = format!("{SELECT} WHERE w.state = 'requested' ORDER BY w.id");
        self.with(|tx| tx.prepare_cached(&text)?.query_map([], read)?.collect())
    }

    /// Addresses that were given permits of a side and interval, by address.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn holders_at(&self, side_of: Side, interval: u32) -> Result<Vec<String>, LedgerError> {
        let text = "SELECT DISTINCT holder, intervals FROM withdrawals
                    WHERE state = 'issued' AND side = ?1 AND last >= ?2 ORDER BY holder";
        let pairs = self.with(|tx| {
            let mut statement = tx.prepare_cached(text)?;
            let rows = statement.query_map(params![side(side_of), interval], |row| {
                Ok((row.get::<_, String>(0)?, read_text::<IntervalSet>(row, 1)?))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let at = gridweave_units::Interval(interval);
        let mut holders: Vec<String> = pairs
            .into_iter()
            .filter(|(_, intervals)| intervals.contains(at))
            .map(|(holder, _)| holder)
            .collect();
        holders.dedup();
        Ok(holders)
    }

    /// Notes that these withdrawals go out as one batch.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn begin_issue(&self, ids: &[i64]) -> Result<Batch, LedgerError> {
        self.with(|tx| {
            let batch = batches::begin(tx, BatchKind::Issue)?;
            let text = "UPDATE withdrawals SET state = 'issuing', batch = ?2 WHERE id = ?1";
            for id in ids {
                tx.prepare_cached(text)?.execute(params![id, batch.id])?;
            }
            Ok(batch)
        })
    }

    /// Notes that a withdrawal was refused; its money is back in the purse.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn fail_withdrawal(&self, id: i64, reason: &str) -> Result<(), LedgerError> {
        self.with(|tx| fail(tx, id, reason))
    }
}

fn one(tx: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<WithdrawalRecord>> {
    let text = format!("{SELECT} WHERE w.id = ?1");
    tx.prepare_cached(&text)?.query_row([id], read).optional()
}

fn insert(
    tx: &Transaction<'_>,
    booking: &Booking,
    verdict: Result<(), String>,
) -> rusqlite::Result<WithdrawalRecord> {
    let Booking {
        account,
        reference,
        holder,
        class,
        ..
    } = booking;
    let money = booking.money;
    let (state, reason) = match verdict {
        Ok(()) => ("requested", None),
        Err(reason) => ("failed", Some(reason)),
    };
    if reason.is_none() {
        tx.execute(
            "INSERT OR IGNORE INTO holders VALUES (?1, ?2)",
            params![holder, account],
        )?;
        let left = participants::purse(tx, account)?.saturating_sub(money);
        participants::set_purse(tx, account, left)?;
    }
    tx.execute(
        "INSERT INTO withdrawals
         (account, reference, holder, side, feeder, intervals, last, energy, money, state, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            account,
            reference,
            holder,
            side(class.side),
            class.feeder,
            class.intervals.to_string(),
            class.intervals.last().0,
            energy(booking.energy),
            money.to_string(),
            state,
            reason
        ],
    )?;
    let id = tx.last_insert_rowid();
    one(tx, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub(super) fn fail(tx: &Transaction<'_>, id: i64, reason: &str) -> rusqlite::Result<()> {
    let Some(record) = one(tx, id)? else {
        return Ok(());
    };
    participants::raise(tx, &record.account, record.money)?;
    tx.execute(
        "UPDATE withdrawals SET state = 'failed', reason = ?2 WHERE id = ?1",
        params![id, reason],
    )?;
    Ok(())
}

/// Whether the batch gives anything to `holder`.
pub(super) fn is_in_batch(
    tx: &Transaction<'_>,
    batch: Batch,
    holder: &str,
) -> rusqlite::Result<bool> {
    let text = "SELECT 1 FROM withdrawals WHERE batch = ?1 AND holder = ?2";
    tx.prepare_cached(text)?.exists(params![batch.id, holder])
}
