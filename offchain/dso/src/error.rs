//! What stops the operator's counter.

use gridweave_agents::AgentError;
use gridweave_chain::ChainError;

use crate::Step;
use crate::ledger::LedgerError;

/// A failure. Nothing that it interrupts is lost: the ledger and the chain tell what was done.
#[derive(Debug, thiserror::Error)]
pub enum DsoError {
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The chain refused or did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// An actor's part failed.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// A request that is not what it must be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An attribute or answer that is not what the contracts promise.
    #[error("{what} is '{found}', expected {expected}")]
    Unexpected {
        /// What was read.
        what: &'static str,
        /// Its value.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// Stopped on purpose, see [`crate::Dso::with_hook`].
    #[error("interrupted before {0:?}")]
    Interrupted(Step),
}

/// Why a request cannot even be considered: field, value and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is '{value}', expected {expected}")]
pub struct Refusal {
    /// Which field.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// What was expected.
    pub expected: String,
    /// What kind of mistake it is.
    pub kind: RefusalKind,
}

/// Kinds of mistakes, which an API tells apart by its status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// A value out of range or of the wrong form.
    Invalid,
    /// No participant has this account.
    Unknown,
    /// It contradicts what is written down already.
    Conflict,
    /// There is nothing of this kind.
    Missing,
}

impl Refusal {
    /// A refusal of `kind`.
    pub fn new(
        kind: RefusalKind,
        field: &'static str,
        value: impl ToString,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            field,
            value: value.to_string(),
            expected: expected.into(),
            kind,
        }
    }
}
