//! What the chain announces of the operator's addresses, entered once.

use gridweave_types::assets::Side;
use rusqlite::{Transaction, params};

use super::batches::{self, Batch, BatchKind};
use super::deposits::{PayKey, came_back, payee};
use super::place::{self, Place, height as to_height};
use super::values::{energy, side};
use super::{Ledger, LedgerError, participants, withdrawals};

/// Something of an address that the chain announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Permits have come to `holder`.
    Issued {
        /// The address.
        holder: String,
    },
    /// Energy was deposited.
    Energy(EnergyDeposit),
    /// Money was returned.
    Money(MoneyDeposit),
    /// Deposits were credited.
    Credited,
    /// Returned money was paid out.
    PaidOut,
    /// One payment of the latest `PaidOut` could not be received.
    Unpaid(PayKey),
}

/// Energy that an address handed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnergyDeposit {
    /// The address.
    pub holder: String,
    /// Sold or bought.
    pub side: Side,
    /// The interval.
    pub interval: u32,
    /// Energy (Wh).
    pub energy: u64,
}

/// Money that an address returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyDeposit {
    /// The address.
    pub holder: String,
    /// Amount (µ).
    pub amount: u128,
    /// Whether as coins rather than to the account in `billing`.
    pub as_coins: bool,
}

impl Ledger {
    /// Enters what was announced, each entry with its height and position in the block, and the
    /// place to read on from. Addresses that nobody was given are not ours and are left out.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`], as for everything below.
    pub fn enter(&self, entries: &[(Place, Entry)], next: Place) -> Result<(), LedgerError> {
        self.with(|tx| {
            let mut paid = None;
            for (at, entry) in entries {
                apply(tx, *at, entry, &mut paid)?;
            }
            place::set_place(tx, next)
        })
    }
}

fn apply(
    tx: &Transaction<'_>,
    at: Place,
    entry: &Entry,
    paid: &mut Option<Batch>,
) -> rusqlite::Result<()> {
    let under_way = |kind| -> rusqlite::Result<Option<Batch>> {
        Ok(batches::under_way(tx)?.filter(|batch| batch.kind == kind))
    };
    match entry {
        Entry::Issued { holder } => {
            if let Some(batch) = under_way(BatchKind::Issue)?
                && withdrawals::is_in_batch(tx, batch, holder)?
            {
                batches::finish(tx, batch, at.height, None)?;
            }
        }
        Entry::Credited => {
            if let Some(batch) = under_way(BatchKind::Credit)? {
                batches::finish(tx, batch, at.height, None)?;
            }
        }
        Entry::PaidOut => {
            *paid = under_way(BatchKind::PayOut)?;
            if let Some(batch) = *paid {
                batches::finish(tx, batch, at.height, None)?;
            }
        }
        Entry::Unpaid(key) => {
            if let Some(batch) = *paid {
                came_back(tx, batch, key)?;
            }
        }
        Entry::Energy(deposit) => take_energy(tx, at, deposit)?,
        Entry::Money(deposit) => take_money(tx, at, deposit)?,
    }
    Ok(())
}

fn take_energy(tx: &Transaction<'_>, at: Place, deposit: &EnergyDeposit) -> rusqlite::Result<()> {
    let Some(account) = participants::account_of(tx, &deposit.holder)? else {
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT OR IGNORE INTO energy_deposits
         (height, position, holder, account, side, interval, energy, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'seen')",
    )?
    .execute(params![
        to_height(at.height),
        at.seen as i64,
        deposit.holder,
        account,
        side(deposit.side),
        deposit.interval,
        energy(deposit.energy)
    ])?;
    Ok(())
}

fn take_money(tx: &Transaction<'_>, at: Place, deposit: &MoneyDeposit) -> rusqlite::Result<()> {
    let Some(account) = participants::account_of(tx, &deposit.holder)? else {
        return Ok(());
    };
    let key = PayKey {
        account,
        as_coins: deposit.as_coins,
    };
    tx.prepare_cached(
        "INSERT OR IGNORE INTO money_deposits
         (height, position, holder, account, amount, payee, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'seen')",
    )?
    .execute(params![
        to_height(at.height),
        at.seen as i64,
        deposit.holder,
        key.account,
        deposit.amount.to_string(),
        payee(&key)
    ])?;
    Ok(())
}
