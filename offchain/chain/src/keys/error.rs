//! What can be wrong with a key.

use std::path::PathBuf;

/// A key that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key file that is not there or cannot be read.
    #[error("key file {} cannot be read: {reason}; expected {expected}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A key file that others could read.
    #[error(
        "key file {} has mode {mode:03o}, so others can read it; run: chmod 600 {}",
        path.display(), path.display()
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A variable that is not set, or not text.
    #[error("environment variable {name} has no key: {reason}; expected {expected}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong.
        reason: String,
        /// What was expected.
        expected: &'static str,
    },
    /// Text that is no key. The text itself stays out of the message.
    #[error("{origin} holds {found}; expected {expected}")]
    Malformed {
        /// File or variable.
        origin: String,
        /// What it holds, in words.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A key file that would have been overwritten.
    #[error("key file {} exists already and is not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A key file that cannot be written.
    #[error("key file {} cannot be written: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {reason}")]
    Random {
        /// What it says.
        reason: String,
    },
    /// A key that the signing library refuses.
    #[error("the key cannot sign: {reason}")]
    Unusable {
        /// What the library says.
        reason: String,
    },
}
