//! Why an audit could not be carried through.

use std::path::PathBuf;

use gridweave_chain::ChainError;

/// Events that are not what the contract announces, or that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// An attribute that cannot be read.
    #[error(
        "height {height}, event '{event}': attribute '{attribute}' is '{value}', expected {expected}"
    )]
    Attribute {
        /// Block height.
        height: u64,
        /// Action or event.
        event: String,
        /// Name of the attribute.
        attribute: String,
        /// What it says, shortened.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// An attribute that is not there exactly once.
    #[error(
        "height {height}, event '{event}': attribute '{attribute}' is there {times} times, expected once"
    )]
    Count {
        /// Block height.
        height: u64,
        /// Action or event.
        event: String,
        /// Name of the attribute.
        attribute: String,
        /// How often it is there.
        times: usize,
    },
    /// An event that the contract does not announce, or not there.
    #[error("height {height}, event '{event}': expected {expected}")]
    Event {
        /// Block height.
        height: u64,
        /// Action or event.
        event: String,
        /// What was expected.
        expected: String,
    },
    /// A history without its beginning.
    #[error(
        "contract {contract} announced no instantiation in {events} events; the log must begin with it"
    )]
    NotInstantiated {
        /// The contract.
        contract: String,
        /// Events that were read.
        events: usize,
    },
    /// An account that no event names.
    #[error("account '{account}' has no bill: {known}")]
    UnknownAccount {
        /// What was asked for.
        account: String,
        /// Which there are.
        known: String,
    },
    /// A period without a line.
    #[error("period {period} has no statements: {known}")]
    UnknownPeriod {
        /// What was asked for.
        period: u32,
        /// Which there are.
        known: String,
    },
    /// A file that cannot be read or written.
    #[error("event log {} cannot be used: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why, and what helps.
        reason: String,
    },
    /// A line of a file that is not an event.
    #[error("event log {}, line {line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// The chain does not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
}
