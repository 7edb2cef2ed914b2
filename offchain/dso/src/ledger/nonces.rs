//! Nonces of requests, so that none counts twice.

use rusqlite::params;

use super::place::height as to_integer;
use super::{Ledger, LedgerError};

impl Ledger {
    /// Notes the nonce of a request of `time` (unix seconds); `false` when it was used before.
    /// Nonces from before `since` are forgotten: requests that old are refused by their time. It is on
    /// disk with the next entry, which is when something follows from the request; a request that only
    /// asks should not wait for the disk.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`].
    pub fn use_nonce(
        &self,
        account: &str,
        nonce: &str,
        time: u64,
        since: u64,
    ) -> Result<bool, LedgerError> {
        self.with_later(|tx| {
            tx.prepare_cached("DELETE FROM nonces WHERE time < ?1")?
                .execute([to_integer(since)])?;
            let added = tx
                .prepare_cached("INSERT OR IGNORE INTO nonces VALUES (?1, ?2, ?3)")?
                .execute(params![account, nonce, to_integer(time)])?;
            Ok(added == 1)
        })
    }
}
