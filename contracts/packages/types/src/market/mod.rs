//! The `market` contract: offers, verified solutions, the best candidate, rolling finalization.
//!
//! Energies are in Wh, prices in µ/kWh and never negative, money in µ of the one bank denom that
//! `assets` names. Offers are numbered from 1. A *round* is named after the next interval to be
//! finalized; within a round the feasible set only grows, so a solution that was feasible when its
//! solver looked is feasible when it arrives.

mod answers;
mod book;
mod commit;
mod config;
mod msg;
mod query;

pub use answers::{
    BooksResponse, CandidateResponse, ConfigResponse, DraftResponse, Phase, SolverResponse,
    SolversResponse, StatusResponse,
};
pub use book::{
    FeederFlow, FeederResponse, FeedersResponse, IntervalResponse, IntervalsResponse,
    OfferResponse, OfferState, OffersResponse,
};
pub use commit::{CommitDomain, commit_message, digest_message};
pub use config::{Bond, FeederLimits, Limits, Objective, Pricing, Reveal, Reward};
pub use msg::{ExecuteMsg, InstantiateMsg, MigrateMsg};
pub use query::QueryMsg;

/// Most offers that may be open at a time.
pub const MAX_BOOK: u32 = 16_384;
/// Most intervals that a market looks ahead.
pub const MAX_HORIZON: u32 = 512;
/// Most trades in one interval: as many as one stored value holds.
pub const MAX_INTERVAL_TRADES: u32 = 6_000;
/// Most trades in one message.
pub const MAX_MESSAGE_TRADES: u32 = 20_000;
/// Largest energy of an offer (Wh).
pub const MAX_OFFER_ENERGY: u64 = u32::MAX as u64;
/// Longest clearing time `T_clear` (intervals).
pub const MAX_CLEARING: u32 = 10_000;
/// Most trades and offers that one `FinalizeInterval` works through.
pub const MAX_PAGE: u32 = 500;
/// Trades and offers that one `FinalizeInterval` works through when it names no limit.
pub const DEFAULT_PAGE: u32 = 200;
/// Most solvers that share the reward of a candidate.
pub const MAX_SHARES: usize = gridweave_rules::market::reward::MAX_SHARES;
/// Most bytes of a salt.
pub const MAX_SALT_BYTES: usize = 64;
/// Longest window for revealing a solution (seconds).
pub const MAX_REVEAL: u32 = 86_400;
