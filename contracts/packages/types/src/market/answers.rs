//! Answers about the market, its candidate and its solvers.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Int128, Uint64, Uint128};

use super::{Bond, Limits, Objective, Pricing, Reveal, Reward};

/// Answer to [`super::QueryMsg::Config`]; see [`super::InstantiateMsg`].
#[cw_serde]
pub struct ConfigResponse {
    /// The `grid` contract.
    pub grid: Addr,
    /// The `assets` contract.
    pub assets: Addr,
    /// Bank denom of bonds and rewards, that of `assets`.
    pub denom: String,
    /// Unix seconds at which interval 0 begins, as in `assets`.
    pub genesis: u32,
    /// Chain seconds per interval, as in `assets`.
    pub interval_seconds: u32,
    /// What is maximized.
    pub objective: Objective,
    /// Who sets prices.
    pub pricing: Pricing,
    /// `T_clear`.
    pub clearing: u32,
    /// Limits.
    pub limits: Limits,
    /// Bonds of solvers.
    pub bond: Bond,
    /// Rewards of solvers.
    pub reward: Reward,
    /// Commit–reveal.
    pub reveal: Option<Reveal>,
}

/// What the market is doing.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Phase {
    /// Takes solutions.
    Open,
    /// Settles the trades of the interval before `next`.
    Settling,
    /// Ends offers that expired or were cancelled with the interval before `next`.
    Sweeping,
}

/// Answer to [`super::QueryMsg::Status`].
#[cw_serde]
pub struct StatusResponse {
    /// The next interval to be finalized; names the round.
    pub next: u32,
    /// When it may be finalized (unix seconds). From then on no solution is taken until it is.
    pub due: Uint64,
    /// What the market is doing.
    pub phase: Phase,
    /// Trades settled of the interval under way.
    pub settled: u32,
    /// Number of the last offer.
    pub last_offer: u32,
    /// Offers that are not ended.
    pub open_offers: u32,
    /// Whether feeders' limits were lowered in this round.
    pub limits_lowered: bool,
    /// Number of the candidate's solution, 0 for `p = 0`.
    pub solution: Uint64,
    /// What the candidate is worth over open intervals.
    pub objective: Int128,
}

/// Answer to [`super::QueryMsg::Candidate`]: the best feasible solution so far.
#[cw_serde]
pub struct CandidateResponse {
    /// Number of the solution, 0 for `p = 0`.
    pub solution: Uint64,
    /// Who found it.
    pub solver: Option<Addr>,
    /// What it is worth over open intervals.
    pub objective: Int128,
    /// Energy over open intervals (Wh).
    pub energy: Uint128,
    /// What it was worth when it was accepted.
    pub accepted_objective: Int128,
    /// Upper bound of the objective at that time, for the offers of that time.
    pub bound: Option<Uint128>,
    /// `accepted_objective / bound` in parts per million, rounded down.
    pub ratio_ppm: Option<u32>,
    /// Who shares its reward: solver, weight, and quality in parts per million.
    pub shares: Vec<(Addr, Uint128, u32)>,
}

/// Answer to [`super::QueryMsg::Books`].
///
/// `bonds + pool + owed` (µ) is the contract's bank balance unless somebody sent coins past the
/// messages.
#[cw_serde]
pub struct BooksResponse {
    /// Sum of the solvers' bonds.
    pub bonds: Uint128,
    /// What rewards are paid from.
    pub pool: Uint128,
    /// Rewards that have not been claimed.
    pub owed: Uint128,
}

/// Answer to [`super::QueryMsg::Solver`].
#[cw_serde]
pub struct SolverResponse {
    /// Its address.
    pub solver: Addr,
    /// What is left of its bond (µ).
    pub bond: Uint128,
    /// Whether it may submit.
    pub active: bool,
    /// Hash that it has committed to.
    pub commit: Option<Binary>,
    /// Until when it must reveal (unix seconds).
    pub reveal_until: Option<Uint64>,
    /// Solutions accepted.
    pub accepted: u32,
    /// Solutions rejected as infeasible, and commitments not revealed.
    pub rejected: u32,
    /// Rewards to claim (µ).
    pub owed: Uint128,
}

/// Answer to [`super::QueryMsg::Solvers`].
#[cw_serde]
pub struct SolversResponse {
    /// One page by address.
    pub solvers: Vec<SolverResponse>,
}

/// Answer to [`super::QueryMsg::Draft`].
#[cw_serde]
pub struct DraftResponse {
    /// Number of the solution.
    pub solution: Uint64,
    /// Its round.
    pub round: u32,
    /// Number of the next message.
    pub sequence: u32,
    /// Trades so far.
    pub trades: u32,
    /// Digest of the messages so far, see [`super::digest_message`].
    pub digest: Binary,
}
