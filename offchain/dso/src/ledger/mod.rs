//! The operator's ledger: one SQLite file, the only link between persons and addresses.
//!
//! What is about to be sent is written down as a *batch* first. There is never more than one batch
//! under way; whether it took effect, the chain's events tell.

mod batches;
mod deposits;
mod entries;
mod nonces;
mod participants;
mod payments;
mod place;
mod schema;
mod values;
mod view;
mod withdrawals;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};

pub use batches::{Batch, BatchKind};
pub use deposits::{Credit, CreditKey, PayKey};
pub use entries::{EnergyDeposit, Entry, MoneyDeposit};
pub use participants::Participant;
pub use payments::Payment;
pub use place::Place;
pub(crate) use values::MOST_ENERGY;
pub use view::View;
pub use withdrawals::{Booking, State, WithdrawalRecord};

/// A path that keeps the ledger in memory, for runs that need not outlive their process.
pub const IN_MEMORY: &str = ":memory:";

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be opened.
    #[error("ledger {path} cannot be opened: {reason}")]
    Open {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// SQLite reports an error; nothing was changed.
    #[error("ledger {path}: {source}")]
    Sqlite {
        /// The file.
        path: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A newer program wrote the file.
    #[error("ledger {path} has version {found}, this program knows versions up to {known}")]
    Version {
        /// The file.
        path: String,
        /// Its version.
        found: i64,
        /// The newest version known.
        known: i64,
    },
}

impl LedgerError {
    fn new(path: &str, source: rusqlite::Error) -> Self {
        Self::Sqlite {
            path: path.into(),
            source,
        }
    }
}

/// An open ledger, which no other process can open.
#[derive(Debug)]
pub struct Ledger {
    path: String,
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Opens the ledger at `path`, or makes it (readable by its owner only); [`IN_MEMORY`] keeps it
    /// in memory.
    ///
    /// # Errors
    /// [`LedgerError::Open`], [`LedgerError::Version`], [`LedgerError::Sqlite`] when it is no ledger
    /// or another process has it open.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let shown = path.display().to_string();
        let mut connection = if shown == IN_MEMORY {
            Connection::open_in_memory()
        } else {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).mode(0o600);
            options.open(path).map_err(|error| LedgerError::Open {
                path: shown.clone(),
                reason: error.to_string(),
            })?;
            Connection::open(path)
        }
        .map_err(|error| LedgerError::new(&shown, error))?;
        schema::prepare(&mut connection, &shown)?;
        Ok(Self {
            path: shown,
            connection: Mutex::new(connection),
        })
    }

    /// Does `work` as one transaction: all of it is on disk when this returns, or nothing.
    fn with<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let mut connection = self.connection();
        self.transact(&mut connection, work)
    }

    /// Does `work` as one transaction that outlives this process when this returns, and the machine's
    /// power from the next [`Ledger::with`] that writes on.
    fn with_later<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let mut connection = self.connection();
        let failed = |error| LedgerError::new(&self.path, error);
        let sync = |connection: &Connection, mode| {
            let set = connection.pragma_update(None, "synchronous", mode);
            set.map_err(failed)
        };
        sync(&connection, "NORMAL")?;
        let done = self.transact(&mut connection, work);
        sync(&connection, "FULL")?;
        done
    }

    fn transact<T>(
        &self,
        connection: &mut Connection,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let failed = |error| LedgerError::new(&self.path, error);
        let transaction = connection.transaction().map_err(failed)?;
        let done = work(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(done)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let lock = self.connection.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }
}
