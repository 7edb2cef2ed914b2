//! Recorded order books: one JSON file with the offers of a market and its feeders' limits.
//! `docs/scenarios.md` describes every field.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::check::check;
use crate::Flaw;

/// Intervals that one offer may span at most.
pub const LONGEST_OFFER: u32 = 128;

/// An order book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookFile {
    /// Name; the file's unless given.
    #[serde(default)]
    pub name: Option<String>,
    /// Number of feeders; they count from 0.
    pub feeders: u32,
    /// Number of intervals; they count from 0.
    pub intervals: u32,
    /// Most net export and net import of each feeder (Wh per interval).
    pub limit_external_wh: u64,
    /// Most gross production and gross consumption of each feeder (Wh per interval).
    pub limit_internal_wh: u64,
    /// The offers.
    pub offers: Vec<BookOffer>,
    /// What an independent implementation found.
    #[serde(default)]
    pub expected: Option<BookExpected>,
}

/// Which side of trades an offer stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BookSide {
    /// Energy to sell.
    Sell,
    /// Energy to buy.
    Buy,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookOffer {
    /// Its number.
    pub id: u32,
    /// Its side.
    pub side: BookSide,
    /// Its feeder.
    pub feeder: u32,
    /// First interval in which it may trade.
    pub start: u32,
    /// Last interval in which it may trade.
    pub end: u32,
    /// Energy over all intervals (Wh).
    pub energy_wh: u64,
    /// Reservation price (µ/kWh).
    pub price: u64,
}

/// Optima of an independent implementation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookExpected {
    /// Most energy that can be traded (Wh).
    pub max_energy_wh: f64,
    /// Largest welfare `Σ(R_b − R_s)·p` (µ).
    pub max_welfare_micro: f64,
}

/// Why a book is refused. Every message starts with the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BookError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// Not JSON, a key is missing or unknown, or a value has the wrong type.
    #[error("{file}: `{key}`: {reason}")]
    Format {
        /// The file.
        file: String,
        /// Path of the key.
        key: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A value is out of range.
    #[error("{file}: {flaw}")]
    Value {
        /// The file.
        file: String,
        /// The value.
        flaw: Flaw,
    },
}

impl BookFile {
    /// Reads a book.
    ///
    /// # Errors
    /// As [`BookFile::parse`], and [`BookError::Read`].
    pub fn load(path: &Path) -> Result<Self, BookError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| BookError::Read {
            file: file.clone(),
            reason: error.to_string(),
        })?;
        Self::parse(&file, &text)
    }

    /// Parses a book; `file` names it in errors.
    ///
    /// # Errors
    /// [`BookError`] with file, key, value and what was expected.
    pub fn parse(file: &str, text: &str) -> Result<Self, BookError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let book: Self =
            serde_path_to_error::deserialize(&mut json).map_err(|error| BookError::Format {
                file: file.to_owned(),
                key: error.path().to_string(),
                reason: crate::words::in_words(&error.inner().to_string()),
            })?;
        check(&book).map_err(|flaw| BookError::Value {
            file: file.to_owned(),
            flaw,
        })?;
        Ok(book)
    }
}
