//! Tables of the ledger, version by version.

use rusqlite::Connection;

use super::LedgerError;

/// One script per version; a file of version `n` has run the first `n`.
const VERSIONS: &[&str] = &[FIRST];

const FIRST: &str = "
CREATE TABLE participants (
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    feeder INTEGER NOT NULL,
    sell_limit INTEGER NOT NULL,
    buy_limit INTEGER NOT NULL,
    purse TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holders (
    holder TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES participants
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    height INTEGER,
    tx TEXT
) STRICT;
CREATE INDEX batches_by_state ON batches (state);

CREATE TABLE withdrawals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES participants,
    reference TEXT,
    holder TEXT NOT NULL,
    side TEXT NOT NULL,
    feeder INTEGER NOT NULL,
    intervals TEXT NOT NULL,
    last INTEGER NOT NULL,
    energy INTEGER NOT NULL,
    money TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    batch INTEGER REFERENCES batches,
    UNIQUE (account, reference)
) STRICT;
CREATE INDEX withdrawals_by_state ON withdrawals (state);
CREATE INDEX withdrawals_by_batch ON withdrawals (batch);
CREATE INDEX withdrawals_by_account ON withdrawals (account, side, last);
CREATE INDEX withdrawals_by_feeder ON withdrawals (feeder, side, last);

CREATE TABLE energy_deposits (
    height INTEGER NOT NULL,
    position INTEGER NOT NULL,
    holder TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES participants,
    side TEXT NOT NULL,
    interval INTEGER NOT NULL,
    energy INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    batch INTEGER REFERENCES batches,
    PRIMARY KEY (height, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX energy_deposits_by_state ON energy_deposits (state, interval);
CREATE INDEX energy_deposits_by_batch ON energy_deposits (batch);

CREATE TABLE money_deposits (
    height INTEGER NOT NULL,
    position INTEGER NOT NULL,
    holder TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES participants,
    amount TEXT NOT NULL,
    payee TEXT NOT NULL,
    state TEXT NOT NULL,
    batch INTEGER REFERENCES batches,
    PRIMARY KEY (height, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX money_deposits_by_state ON money_deposits (state);
CREATE INDEX money_deposits_by_batch ON money_deposits (batch);

CREATE TABLE place (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    height INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT;

CREATE TABLE payments (
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES participants,
    height INTEGER NOT NULL,
    amount TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE nonces (
    account TEXT NOT NULL,
    nonce TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (account, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonces_by_time ON nonces (time);
";

/// Brings an open file to the present version.
pub(super) fn prepare(connection: &mut Connection, path: &str) -> Result<(), LedgerError> {
    let failed = |error| LedgerError::new(path, error);
    connection
        .execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )
        .map_err(failed)?;
    let version = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let found = connection
        .query_row("PRAGMA user_version", [], version)
        .map_err(failed)?;
    let known = VERSIONS.len() as i64;
    let Some(missing) = usize::try_from(found).ok().and_then(|v| VERSIONS.get(v..)) else {
        return Err(LedgerError::Version {
            path: path.into(),
            found,
            known,
        });
    };
    for (script, version) in missing.iter().zip(found + 1..) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(script).map_err(failed)?;
        transaction
            .pragma_update(None, "user_version", version)
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}
