//! JSON files of one document each: reading, and why one is refused.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::Flaw;
use crate::words::{in_words, place};

/// Why a file is refused. Every message starts with the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileError {
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

impl FileError {
    /// The error of a `flaw` in `file`.
    pub(crate) fn value(file: &str, flaw: Flaw) -> Self {
        Self::Value {
            file: file.to_owned(),
            flaw,
        }
    }
}

/// The file's name for errors, and its text.
///
/// # Errors
/// [`FileError::Read`].
pub(crate) fn read(path: &Path) -> Result<(String, String), FileError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((file, text)),
        Err(error) => Err(FileError::Read {
            file,
            reason: error.to_string(),
        }),
    }
}

/// The document in `text`; `file` names it in errors.
///
/// # Errors
/// [`FileError::Format`].
pub(crate) fn document<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, FileError> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| FileError::Format {
        file: file.to_owned(),
        key: place(error.path()),
        reason: in_words(&error.inner().to_string()),
    })
}
