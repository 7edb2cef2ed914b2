//! The `billing` contract: commitments meet meter readings and become money.
//!
//! Energies are in Wh per interval (injection positive), prices in µ/kWh, money in µ of one bank
//! denom; amounts of an account are positive when it receives them.

mod answers;
mod config;
mod lines;
mod msg;
mod query;
mod signing;

pub use answers::{
    AccountResponse, AccountsResponse, BooksResponse, ConfigResponse, SessionProgress,
    SourceResponse, SourcesResponse, TariffResponse,
};
pub use config::{Limits, SourceKind, Tariff, Term, Windows};
pub use lines::{
    CorrectionsResponse, IntervalResponse, LineResponse, LineState, LinesResponse, Origin,
    PeriodResponse, StatementResponse, StatementsResponse, SupersededReading,
};
pub use msg::{CommitmentInput, ExecuteMsg, InstantiateMsg, MigrateMsg, SignedReadings};
pub use query::QueryMsg;
pub use signing::{READING_BYTES, SigningDomain, pack_readings, reading_message, unpack_readings};

/// Most rows in one `RecordCommitments`.
pub const MAX_COMMITMENTS: usize = 200;
/// Most commitments that one `RecordSession` records, unless a single participant has more.
pub const MAX_SESSION_COMMITMENTS: u32 = 400;
/// Most readings in one message.
pub const MAX_READINGS: usize = 200;
/// Most lines that one `Settle`, and most statements that one `Reconcile`, looks at.
pub const MAX_PAGE: u32 = 200;
/// Most superseded readings kept per line; after that a line takes no more corrections.
pub const MAX_CORRECTIONS: usize = 8;
/// Most schedule contracts.
pub const MAX_SOURCES: u32 = 32;
/// Most intervals of a period: a month of quarter hours.
pub const MAX_PERIOD: u32 = 2_976;
/// Longest window (seconds): a leap year.
pub const MAX_WINDOW: u32 = 31_622_400;
