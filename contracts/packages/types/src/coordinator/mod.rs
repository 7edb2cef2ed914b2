//! The `coordinator` contract: ADMM sessions, iterates in, plan and prices out.
//!
//! One session schedules one horizon. The operator creates it (`CreateSession`,
//! `AddParticipants`, `AddGroups`, `Open`); from then on it runs without any trusted party.

mod config;
mod msg;
mod pool;
mod query;

pub use config::{
    BondTerms, ConsensusConfig, ExchangeConfig, ExportRule, Master, Mode, Projection, RhoSchedule,
    SessionConfig, StopRule, VoltageConfig,
};
pub use msg::{ExecuteMsg, GroupInput, InstantiateMsg, MigrateMsg, ParticipantInput};
pub use pool::{
    LEAST_MOBILITY, MAX_POOL_PARTICIPANTS, MOST_MOBILITY, PoolAssignment, PoolConfig, PoolResponse,
    PoolWeights,
};
pub use query::{
    AnswersResponse, AssignmentResponse, BusPrices, CertificateResponse, DualsResponse,
    HistoryResponse, NetworkResponse, ParticipantResponse, ParticipantsResponse, Phase,
    PricesResponse, QueryMsg, RoundRecord, ScheduleResponse, ScheduleRow, SessionResponse,
    SessionsResponse, StopReason, TradesResponse,
};

/// Longest horizon of a session (a week of hours).
pub const MAX_HORIZON: u32 = 168;
/// Most buses of the feeder of an exchange session: its rounds sweep the whole feeder.
pub const MAX_EXCHANGE_BUSES: u32 = 256;
/// Most participants of an exchange session: the contract's master visits them all.
pub const MAX_EXCHANGE_PARTICIPANTS: u32 = 256;
/// Most numbers of a table of an exchange session (buses or participants × intervals): each is one
/// stored value, and a value may have 128 KiB.
pub const MAX_EXCHANGE_NUMBERS: u32 = 16_000;
/// Most numbers held per Anderson session and history entry: a round touches them all.
pub const MAX_ANDERSON_NUMBERS: u32 = 8_192;
/// Most answers kept per participant.
pub const MAX_MEMORY: u32 = 40;
/// Most rows in one `AddParticipants` or `AddGroups`.
pub const MAX_ROWS: usize = 50;
/// Most members added to a group in one message, and most groups of a participant.
pub const MAX_MEMBERSHIPS: usize = 200;
/// Most silent participants that one `Advance` may replace in a consensus session.
pub const MAX_REPLACED: usize = 30;
/// Most rounds of a session.
pub const MAX_ROUNDS: u32 = 2_000;
/// Most numbers in one submission.
pub const MAX_PAYLOAD: u32 = 8_192;
