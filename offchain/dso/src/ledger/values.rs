//! How values are written down: energies as integers, money as decimal text, sides and sets as the
//! contracts write them.

use std::str::FromStr;

use gridweave_types::assets::Side;
use rusqlite::Row;
use rusqlite::types::Type;

/// Largest energy (Wh) that the ledger takes.
pub const MOST_ENERGY: u64 = i64::MAX as u64;

pub(super) const fn side(side: Side) -> &'static str {
    match side {
        Side::Sell => "sell",
        Side::Buy => "buy",
    }
}

pub(super) fn energy(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn read_side(row: &Row<'_>, at: usize) -> rusqlite::Result<Side> {
    match row.get_ref(at)?.as_str()? {
        "sell" => Ok(Side::Sell),
        "buy" => Ok(Side::Buy),
        other => Err(malformed(at, other)),
    }
}

pub(super) fn read_energy(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(at)?;
    u64::try_from(value).map_err(|_| malformed(at, &value.to_string()))
}

/// A value kept as text.
pub(super) fn read_text<T: FromStr>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    text.parse().map_err(|_| malformed(at, text))
}

pub(super) fn malformed(at: usize, text: &str) -> rusqlite::Error {
    let reason = format!("'{text}' is not what this program writes there");
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, reason.into())
}
