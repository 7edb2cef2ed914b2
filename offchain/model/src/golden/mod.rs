//! The golden instance format: one JSON file with a whole day per unit and what a correct
//! implementation must find. `docs/scenarios.md` describes every field.

mod document;

use std::path::Path;

use serde::Deserialize;

use crate::{Flaw, Instance, NetworkError};
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
/// As [`parse`], and [`GoldenError::Read`].
pub fn load(path: &Path) -> Result<Golden, GoldenError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| GoldenError::Read {
        file: file.clone(),
        reason: e.to_string(),
    })?;
    parse(&file, &text)
}

/// Parses a golden file; `file` names it in errors.
///
/// # Errors
/// [`GoldenError`] with file, key, value and what was expected.
pub fn parse(file: &str, text: &str) -> Result<Golden, GoldenError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let document: Document =
        serde_path_to_error::deserialize(&mut json).map_err(|e| GoldenError::Format {
            file: file.to_owned(),
            key: e.path().to_string(),
            reason: crate::words::in_words(&e.inner().to_string()),
        })?;
    let network = document.network().map_err(|source| GoldenError::Network {
        file: file.to_owned(),
        source,
    })?;
    document.golden(network).map_err(|flaw| GoldenError::Value {
        file: file.to_owned(),
        flaw,
    })
}
