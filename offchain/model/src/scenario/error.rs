//! Why a scenario is refused.

use crate::matpower::MatpowerError;
use crate::profile::ProfileError;
use crate::{Flaw, NetworkError};

/// Every message names the file (or the environment variable that overrode it) and the key, the
/// value found and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The file is not TOML.
    #[error("{file}, line {line}: {reason}")]
    Syntax {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the parser expected.
        reason: String,
    },
    /// A key is unknown or missing, or its value has the wrong type.
    #[error("{file}: `{key}`: {reason}")]
    Key {
        /// The file or variable.
        file: String,
        /// Path of the key.
        key: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A value is out of range.
    #[error("{file}: {flaw}")]
    Value {
        /// The file or variable.
        file: String,
        /// Key, value and what was expected.
        flaw: Flaw,
    },
    /// The branches do not form a radial network.
    #[error("{file}: `{key}`: {source}")]
    Network {
        /// The file or variable.
        file: String,
        /// Path of the key.
        key: String,
        /// Which branch.
        source: Box<NetworkError>,
    },
    /// A MATPOWER case that the scenario names is refused.
    #[error("{file}: `grid.matpower`: {source}")]
    Matpower {
        /// The file or variable.
        file: String,
        /// Where in the case.
        source: Box<MatpowerError>,
    },
    /// A CSV file that the scenario names is refused.
    #[error("{file}: `{key}`: {source}")]
    Profile {
        /// The file or variable.
        file: String,
        /// Path of the key.
        key: String,
        /// Where in the CSV file.
        source: Box<ProfileError>,
    },
    /// No scenario of that name is shipped.
    #[error("no shipped scenario `{name}`, expected one of {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}
