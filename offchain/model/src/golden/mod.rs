//! The golden instance format: one JSON file with a whole day per unit and what a correct
//! implementation must find. `docs/scenarios.md` describes every field.

mod document;

use std::path::Path;

use serde::Deserialize;

use crate::json::{self, FileError};
use crate::{Instance, NetworkError};
use document::Document;

/// A golden file: the problem and the expected results.
#[derive(Debug, Clone, PartialEq)]
pub struct Golden {
    /// The problem.
    pub instance: Instance,
    /// What was computed for it independently.
    pub expected: Expected,
}

/// Results of an independent implementation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Cost of the central branch-flow SOCP, M(10).
    pub central_cost: f64,
    /// Solver status of the central problem.
    pub central_status: Option<String>,
    /// Lowest voltage magnitude of the central solution (per unit).
    pub voltage_min_pu: Option<f64>,
    /// Voltage cells (bus, interval) at their lower limit in the central solution.
    pub binding_voltage_cells: Option<u32>,
    /// Rounds after which the executed cost stays within 0.4, 0.1 and 0.01 % of the central one;
    /// `null` for never.
    pub rounds_to_gap: Option<[Option<u32>; 3]>,
    /// Relative gap of the executed cost after each round.
    pub gap_by_round: Option<Vec<f64>>,
}

/// Why a golden file is refused. Every message starts with the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GoldenError {
    /// It cannot be read, is malformed, or a value is out of range.
    #[error(transparent)]
    File(#[from] FileError),
    /// The branches do not form a radial network.
    #[error("{file}: `branches`: {source}")]
    Network {
        /// The file.
        file: String,
        /// Which branch.
        source: NetworkError,
    },
}

/// Reads a golden file.
///
/// # Errors
/// As [`parse`], and [`FileError::Read`].
pub fn load(path: &Path) -> Result<Golden, GoldenError> {
    let (file, text) = json::read(path)?;
    parse(&file, &text)
}

/// Parses a golden file; `file` names it in errors.
///
/// # Errors
/// [`GoldenError`] with file, key, value and what was expected.
pub fn parse(file: &str, text: &str) -> Result<Golden, GoldenError> {
    let document: Document = json::document(file, text)?;
    let network = document.network().map_err(|source| GoldenError::Network {
        file: file.to_owned(),
        source,
    })?;
    let golden = document.golden(network);
    Ok(golden.map_err(|flaw| FileError::value(file, flaw))?)
}
