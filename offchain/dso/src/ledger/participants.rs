//! Participants: whose accounts these are, and what each may do.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::values::{energy, read_energy, read_text};
use super::{Ledger, LedgerError};

/// Somebody who may ask for permits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Account registered in `grid`.
    pub account: String,
    /// Who it is.
    pub name: String,
    /// Its feeder.
    pub feeder: u32,
    /// Most energy that it may have permits to sell, in any interval (Wh).
    pub sell_limit: u64,
    /// Most energy that it may have permits to buy, in any interval (Wh).
    pub buy_limit: u64,
}

const COLUMNS: &str = "account, name, feeder, sell_limit, buy_limit";

fn read(row: &Row<'_>) -> rusqlite::Result<Participant> {
    Ok(Participant {
        account: row.get(0)?,
        name: row.get(1)?,
        feeder: row.get(2)?,
        sell_limit: read_energy(row, 3)?,
        buy_limit: read_energy(row, 4)?,
    })
}

impl Ledger {
    /// Adds a participant with an empty purse, or changes name, feeder and limits of the one with
    /// this account.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], also when another account has the name.
    pub fn enrol(&self, participant: &Participant) -> Result<(), LedgerError> {
        self.enrol_with(participant, 0)
    }

    /// The same; a new participant's purse holds `advance` (µ) at first.
    ///
    /// # Errors
    /// As [`Ledger::enrol`].
    pub fn enrol_with(&self, participant: &Participant, advance: u128) -> Result<(), LedgerError> {
        let Participant { account, name, .. } = participant;
        let limits = [participant.sell_limit, participant.buy_limit].map(energy);
        let purse = advance.to_string();
        self.with(|tx| {
            tx.execute(
                "INSERT INTO participants VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (account) DO UPDATE SET
                 name = ?2, feeder = ?3, sell_limit = ?4, buy_limit = ?5",
                params![
                    account,
                    name,
                    participant.feeder,
                    limits[0],
                    limits[1],
                    purse
                ],
            )
            .map(|_| ())
        })
    }

    /// The participant with this account.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], as for everything below.
    pub fn participant(&self, account: &str) -> Result<Option<Participant>, LedgerError> {
        self.with(|tx| participant(tx, account))
    }

    /// All participants by account.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn participants(&self) -> Result<Vec<Participant>, LedgerError> {
        self.with(|tx| {
            let text = format!("SELECT {COLUMNS} FROM participants ORDER BY account");
            tx.prepare_cached(&text)?.query_map([], read)?.collect()
        })
    }

    /// Money that a participant may still have paid in for its addresses (µ); 0 for anybody else.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn purse(&self, account: &str) -> Result<u128, LedgerError> {
        self.with(|tx| purse(tx, account))
    }

    /// Raises a purse by `amount` (µ).
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn raise_purse(&self, account: &str, amount: u128) -> Result<(), LedgerError> {
        self.with(|tx| raise(tx, account, amount))
    }

    /// Whose address this is.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn account_of(&self, holder: &str) -> Result<Option<String>, LedgerError> {
        self.with(|tx| account_of(tx, holder))
    }
}

pub(super) fn participant(
    tx: &Transaction<'_>,
    account: &str,
) -> rusqlite::Result<Option<Participant>> {
    let text = format!("SELECT {COLUMNS} FROM participants WHERE account = ?1");
    let mut statement = tx.prepare_cached(&text)?;
    statement.query_row([account], read).optional()
}

pub(super) fn purse(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<u128> {
    let mut statement = tx.prepare_cached("SELECT purse FROM participants WHERE account = ?1")?;
    let purse = statement.query_row([account], |row| read_text(row, 0));
    Ok(purse.optional()?.unwrap_or_default())
}

pub(super) fn set_purse(tx: &Transaction<'_>, account: &str, purse: u128) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE participants SET purse = ?2 WHERE account = ?1")?
        .execute(params![account, purse.to_string()])?;
    Ok(())
}

pub(super) fn raise(tx: &Transaction<'_>, account: &str, amount: u128) -> rusqlite::Result<()> {
    let raised = purse(tx, account)?.saturating_add(amount);
    set_purse(tx, account, raised)
}

pub(super) fn account_of(tx: &Transaction<'_>, holder: &str) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("SELECT account FROM holders WHERE holder = ?1")?
        .query_row([holder], |row| row.get(0))
        .optional()
}
