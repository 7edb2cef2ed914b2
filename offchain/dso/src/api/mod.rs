//! The counter over HTTP: `withdraw_assets` and `failed_withdrawal` between a participant and the
//! operator. `docs/dso.md` describes it.

pub mod auth;
mod client;
mod error;
mod guard;
mod limit;
mod server;
pub mod wire;

pub use auth::Domain;
pub use client::{Client, ClientError};
pub use limit::Rates;
pub use server::{Server, ServerError};

/// Largest body of a request (bytes).
pub const MAX_BODY: usize = 4_096;
/// Longest that an answer can be asked to wait for news (s).
pub const MAX_WAIT: u64 = 5;
/// Seconds that the time of a request may differ from the operator's clock.
pub const MAX_SKEW: u64 = 60;
