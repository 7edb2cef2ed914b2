//! What stops an actor.

use std::path::PathBuf;

use gridweave_chain::{ChainError, KeyError};
use gridweave_model::PowerFlowError;
use gridweave_optim::OptimError;
use gridweave_solver::SolveError;

use crate::meter::file::ReadingsError;

/// An actor's failure.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The chain refused or did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A local problem has no solution.
    #[error(transparent)]
    Optim(#[from] OptimError),
    /// The network cannot carry what devices do.
    #[error(transparent)]
    PowerFlow(#[from] PowerFlowError),
    /// A market solver found nothing that passes its own check.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// A file of readings that is not what it must be.
    #[error(transparent)]
    Readings(#[from] ReadingsError),
    /// A meter's key does not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file in which an actor keeps what it must not forget.
    #[error("{} cannot be used: {reason}", file.display())]
    Memory {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The system has no random numbers to give.
    #[error("no random numbers: {reason}")]
    Random {
        /// The system's words.
        reason: String,
    },
    /// A number that has no fixed-point form.
    #[error("{value} in {what} is not a number between -2147483648 and 2147483648")]
    NotRepresentable {
        /// Where the number stands.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A packed array of a length that does not fit.
    #[error("{what} has {found} bytes, expected {expected}")]
    Shape {
        /// Which array.
        what: &'static str,
        /// Bytes received.
        found: usize,
        /// Bytes expected.
        expected: usize,
    },
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
    /// A feeder number that belongs to another network.
    #[error(
        "feeder {feeder} is registered already with other {what} ('{found}'); choose another number"
    )]
    FeederDiffers {
        /// The number.
        feeder: u32,
        /// What differs.
        what: &'static str,
        /// What is registered.
        found: String,
    },
    /// An instance with nobody to coordinate.
    #[error("instance '{name}' has no bus with a load, a renewable or a device")]
    NobodyToCoordinate {
        /// Name of the instance.
        name: String,
    },
}
