//! Recorded order books: one JSON file with the offers of a market and its feeders' limits.
//! `docs/scenarios.md` describes every field.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::check::check;
use crate::json::{self, FileError};

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

impl BookFile {
    /// Reads a book.
    ///
    /// # Errors
    /// As [`BookFile::parse`], and [`FileError::Read`].
    pub fn load(path: &Path) -> Result<Self, FileError> {
        let (file, text) = json::read(path)?;
        Self::parse(&file, &text)
    }

    /// Parses a book; `file` names it in errors.
    ///
    /// # Errors
    /// [`FileError`] with file, key, value and what was expected.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let book = json::document(file, text)?;
        check(&book).map_err(|flaw| FileError::value(file, flaw))?;
        Ok(book)
    }
}
