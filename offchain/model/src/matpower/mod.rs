//! Import of radial MATPOWER case files (version 2).
//!
//! Understood: `mpc.baseMVA`, the bus, gen and branch matrices, scalar assignments, and scaling
//! of whole columns, which is how the distribution cases convert ohm to per unit and kW to MW.
//! Any other statement is an error, so that no unit conversion is missed in silence. Branches
//! out of service (tie switches) are left out; what the radial model lacks (taps, shunts, line
//! charging, generators away from the reference bus) is ignored with a warning.

mod case;
mod export;
mod expression;
mod program;
mod statements;

use std::collections::BTreeMap;
use std::path::Path;

use crate::{BranchSpec, Network, NetworkBase, NetworkError};

/// A radial case, its impedances and limits per unit of its own base.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// File name without directory and extension.
    pub name: String,
    /// Number of the reference bus.
    pub root: u32,
    /// Bases, and the tightest voltage limits of all buses but the reference.
    pub base: NetworkBase,
    /// Branches in service.
    pub branches: Vec<BranchSpec>,
    /// Peak load `(P, Q)` in MW and Mvar of each bus.
    pub peak: BTreeMap<u32, (f64, f64)>,
    /// What was left out, one sentence each.
    pub warnings: Vec<String>,
}

/// Why a case file is refused. Every message starts with the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MatpowerError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A statement that the importer does not understand.
    #[error(
        "{file}, line {line}: `{statement}` is not understood, expected matrices, scalars or the scaling of whole columns"
    )]
    Unsupported {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Beginning of the statement.
        statement: String,
    },
    /// A row of a matrix is malformed or has a value out of range.
    #[error("{file}, line {line}: {reason}")]
    Matrix {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// Something about the case as a whole.
    #[error("{file}: {reason}")]
    Case {
        /// The file.
        file: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// The branches in service do not form a radial network.
    #[error("{file}: {source}")]
    Network {
        /// The file.
        file: String,
        /// Which branch.
        source: NetworkError,
    },
}

/// Reads a case file.
///
/// # Errors
/// As [`parse`], and [`MatpowerError::Read`].
pub fn load(path: &Path) -> Result<Case, MatpowerError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| MatpowerError::Read {
        file: file.clone(),
        reason: e.to_string(),
    })?;
    parse(&file, &text)
}

/// Parses the text of a case file; `file` names it in errors.
///
/// # Errors
/// [`MatpowerError`] with file, line, what was found and what was expected.
pub fn parse(file: &str, text: &str) -> Result<Case, MatpowerError> {
    let program = program::Program::run(file, &statements::split(text))?;
    let case = case::read(file, &program)?;
    case.network().map_err(|source| MatpowerError::Network {
        file: file.to_owned(),
        source,
    })?;
    Ok(case)
}

impl Case {
    /// The network, per unit of the case's own base.
    ///
    /// # Errors
    /// Cannot fail for a case from [`parse`]; a case changed by hand may be no radial network.
    pub fn network(&self) -> Result<Network, NetworkError> {
        Network::from_branches(self.base, self.root, &self.branches)
    }
}

#[cfg(test)]
#[path = "../matpower_tests.rs"]
mod tests;
