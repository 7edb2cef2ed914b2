//! Pool sessions: their parameters and what only they answer.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint128};
use gridweave_units::Fx;

/// Most participants of a pool session: sums over more could leave the range of the numbers.
pub const MAX_POOL_PARTICIPANTS: u32 = 16_384;
/// Least mobility of a participant.
pub const LEAST_MOBILITY: Fx = Fx::from_bits(1 << 28);
/// Largest mobility of a participant.
pub const MOST_MOBILITY: Fx = Fx::from_int(16);

/// Parameters of a pool session; the rule is in `gridweave_rules::pool`.
///
/// The last of `max_rounds` only confirms: payloads are empty in it. `stop.gap` is certified for the
/// best confirmed plan; without it the session stops on its residuals, which are `‖Σx‖₂` of the
/// answers and `‖λ' − λ‖₂` of the price.
#[cw_serde]
pub struct PoolConfig {
    /// First price `λ_1` (currency per unit of power and interval), packed, one per interval.
    pub price: Binary,
    /// Proximal weights by round.
    pub weights: PoolWeights,
    /// Over-relaxation `α` from round 2 on, 0.1 to 1.9; round 1 has nothing to relax against.
    pub relaxation: Fx,
}

/// Proximal weights of a pool: `ρ_k = start·growth^(min(k, last) − 1)`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct PoolWeights {
    /// Weight of round 1 (currency per squared unit of power).
    pub start: Fx,
    /// Factor from round to round, 0.5 to 2.
    pub growth: Fx,
    /// Round from which the weight stays, 1 to 64.
    pub last: u32,
}

/// What a participant of a pool is asked: `argmin f(x) − λ·x + ρ/(2m)·‖x − z‖²` with `λ`, `ρ` and
/// `z` of the [`super::AssignmentResponse`], and whether it can deliver the plan of the round before.
#[cw_serde]
pub struct PoolAssignment {
    /// Its mobility `m`.
    pub mobility: Fx,
    /// Whether this round only confirms the plan: no answer, an empty payload.
    pub closing: bool,
    /// Packed price `p` (T) at which the plan is paid and the best-response value is claimed; in
    /// round 1 the first price.
    pub settlement: Binary,
    /// Packed plan `y_i` (T) of the round before, to be confirmed; empty in round 1.
    pub plan: Binary,
}

/// Answer to [`super::QueryMsg::Pool`].
#[cw_serde]
pub struct PoolResponse {
    /// Packed price `λ_k` (T) of the round.
    pub price: Binary,
    /// `Σm` of the participants that still answer.
    pub mobility: Fx,
    /// Round of the best confirmed plan; 0 while it is that nobody trades.
    pub plan_round: u32,
    /// Packed price (T) at which that plan is paid; the first price while nobody trades.
    pub settlement: Binary,
    /// What the winners of that plan gain together (micro-currency).
    pub gained: Uint128,
    /// What its losers lose together, before side payments (micro-currency).
    pub lost: Uint128,
    /// Participants that have confirmed the plan of the round before so far.
    pub confirmed: u32,
}
