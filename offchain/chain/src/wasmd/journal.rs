//! What a key has submitted, on disk before the chain hears of it.
//!
//! One file per key holds its latest transaction. A process that was killed finds it there and
//! settles it before anything else, so that it never submits the same thing twice by itself.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cosmwasm_std::HexBinary;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use super::log;
use crate::ChainError;

/// How often a journal that is in use is asked for again, and after which pause.
const LOCK_TRIES: usize = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A transaction that may be on the chain or on its way there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The chain that it is for.
    pub(super) chain_id: String,
    /// Its hash, upper-case hex.
    pub(super) hash: String,
    /// Its number among the account's transactions.
    pub(super) sequence: u64,
    /// The last height that can include it.
    pub(super) timeout_height: u64,
    /// The signed bytes.
    pub(super) tx: HexBinary,
}

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum Record {
    /// Not known yet.
    Pending(Entry),
    /// It is in a block.
    Included {
        /// Its hash.
        hash: String,
        /// The block.
        height: u64,
        /// The chain's verdict, 0 for success.
        code: u32,
    },
    /// It is in no block and never will be.
    Dropped {
        /// Its hash.
        hash: String,
    },
}

/// The journal of one key; in memory only when it has no file.
pub(super) struct Journal {
    file: Option<JournalFile>,
    pending: Option<Entry>,
}

impl Journal {
    /// The journal of `address` in `folder`, which is made when missing.
    pub(super) async fn open(folder: Option<PathBuf>, address: &str) -> Result<Self, ChainError> {
        let Some(folder) = folder else {
            return Ok(Self {
                file: None,
                pending: None,
            });
        };
        let address = address.to_owned();
        let (file, record) = blocking(move || JournalFile::open(&folder, &address)).await?;
        let pending = match record {
            Some(Record::Pending(entry)) => Some(entry),
            _ => None,
        };
        Ok(Self {
            file: Some(file),
            pending,
        })
    }

    /// The transaction whose fate is not known.
    pub(super) fn pending(&self) -> Option<&Entry> {
        self.pending.as_ref()
    }

    /// Notes a transaction that is about to be handed in; on disk when this returns.
    pub(super) async fn begin(&mut self, entry: &Entry) -> Result<(), ChainError> {
        if let Some(file) = &self.file {
            let path = file.path.clone();
            let record = Record::Pending(entry.clone());
            blocking(move || write(&path, &record)).await?;
        }
        self.pending = Some(entry.clone());
        Ok(())
    }

    /// Notes what became of it. A failure is only logged: the next start would find out again.
    pub(super) async fn end(&mut self, record: Record) {
        self.pending = None;
        if let Some(file) = &self.file {
            let path = file.path.clone();
            if let Err(error) = blocking(move || write(&path, &record)).await {
                log::journal_not_closed(&file.path.display().to_string(), &error.to_string());
            }
        }
    }
}

/// The file, and a lock that keeps other processes from using the same key with it.
struct JournalFile {
    path: PathBuf,
    _lock: File,
}

impl JournalFile {
    fn open(folder: &Path, address: &str) -> Result<(Self, Option<Record>), ChainError> {
        let path = folder.join(format!("{address}.json"));
        let lock = fs::create_dir_all(folder)
            .and_then(|()| {
                let mut options = OpenOptions::new();
                let lock = folder.join(format!("{address}.lock"));
                options.create(true).write(true).truncate(false).open(lock)
            })
            .map_err(|error| fault(&path, error))?;
        take(&lock).map_err(|error| match error {
            TryLockError::WouldBlock => fault(&path, "another process signs with this key"),
            TryLockError::Error(error) => fault(&path, error),
        })?;
        let record = read(&path)?;
        Ok((Self { path, _lock: lock }, record))
    }
}

/// Locks the file; an earlier run that is on its way out gets a moment to leave.
fn take(lock: &File) -> Result<(), TryLockError> {
    for _ in 1..LOCK_TRIES {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            settled => return settled,
        }
    }
    lock.try_lock()
}

fn read(path: &Path) -> Result<Option<Record>, ChainError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(path, error)),
    };
    let record = serde_json::from_slice(&text);
    record.map(Some).map_err(|error| {
        fault(
            path,
            format!(
                "it is not what this program wrote ({error}); move it away if the key's last \
                 transaction is known to be settled"
            ),
        )
    })
}

/// Replaces the file as a whole, on disk when this returns.
fn write(path: &Path, record: &Record) -> Result<(), ChainError> {
    let replace = || -> io::Result<()> {
        let fresh = path.with_extension("new");
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec(record)?)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        // The rename itself is in the folder.
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    replace().map_err(|error| fault(path, error))
}

fn fault(path: &Path, reason: impl ToString) -> ChainError {
    ChainError::Journal {
        path: path.into(),
        reason: reason.to_string(),
    }
}

/// Runs file work where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ChainError> + Send + 'static,
) -> Result<T, ChainError> {
    spawn_blocking(work)
        .await
        .map_err(|_| ChainError::Stopped)?
}

#[cfg(test)]
mod tests;
