//! What stops a home.

use gridweave_agents::AgentError;
use gridweave_chain::{ChainError, KeyError};

use crate::DsoError;
use crate::api::ClientError;

/// What stops a home.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The chain refused or did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The market cannot be read.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// No key follows from the secret.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The operator's counter does not answer or refuses.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The operator in the same process fails.
    #[error(transparent)]
    Dso(#[from] DsoError),
}
