//! Parameters of a session, fixed when it is created.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint64, Uint128};
use gridweave_units::Fx;

use super::PoolConfig;

/// Everything that fixes how a session runs.
#[cw_serde]
pub struct SessionConfig {
    /// Feeder (in `grid`) that the session schedules.
    pub feeder: u32,
    /// Intervals `T`, 1 to [`super::MAX_HORIZON`].
    pub horizon: u32,
    /// Interval (counted since genesis) that the first of the horizon is.
    pub first_interval: Uint64,
    /// Energy (Wh) of one per unit of power over one interval, at least 1: what turns the schedule
    /// into commitments and its prices (per unit and interval) into prices per kWh.
    pub energy_unit: Uint64,
    /// The coupling mode.
    pub mode: Mode,
    /// Most rounds before the session ends as exhausted, at most [`super::MAX_ROUNDS`].
    pub max_rounds: u32,
    /// Seconds after which anyone may close a round that still misses iterates.
    pub round_seconds: u32,
    /// Consecutive misses after which a participant is replaced by its baseline.
    pub max_misses: u32,
    /// Rejected iterates after which a participant is replaced by its baseline.
    pub max_rejections: u32,
    /// When to stop.
    pub stop: StopRule,
    /// Relative tolerance of the monotonicity check on iterates; `None` switches it off. Bounds
    /// are always checked.
    pub monotonicity_tolerance: Option<Fx>,
    /// Bond that participants post before their first iterate.
    pub bond: Option<BondTerms>,
}

/// How participants are coupled.
// One per session: a box would save nothing.
#[allow(clippy::large_enum_variant)]
#[cw_serde]
pub enum Mode {
    /// Groups of shared scalars, M(13)–M(19) and Y(14)–Y(17).
    Consensus(ConsensusConfig),
    /// Net injections against the network inside the contract.
    Exchange(ExchangeConfig),
    /// Net trades of one pool, whose sum must vanish: one price for all.
    Pool(PoolConfig),
}

/// Parameters of a consensus session.
#[cw_serde]
pub struct ConsensusConfig {
    /// Penalty `ρ`, constant over the session.
    pub rho: Fx,
    /// Over-relaxation `α` in (0, 2); 1 is the plain method.
    pub relaxation: Fx,
    /// Anderson memory, 0 (off) to 10. Above 0 each round touches every participant when it
    /// closes, so the session is limited to [`super::MAX_ANDERSON_NUMBERS`] shared numbers.
    pub anderson_memory: u32,
}

/// Parameters of an exchange session.
#[cw_serde]
pub struct ExchangeConfig {
    /// Quadratic coefficient `α` of the root generator's cost, M(6).
    pub alpha: Fx,
    /// Linear coefficients `β_t`, packed, one per interval.
    pub beta: Binary,
    /// Least voltage magnitude (per unit), M(3).
    pub v_min: Fx,
    /// Largest voltage magnitude (per unit), M(3).
    pub v_max: Fx,
    /// Proximal weights of the queries.
    pub rho: RhoSchedule,
    /// How the contract finds the plan.
    pub master: Master,
    /// Price rule for intervals near zero generation.
    pub export: ExportRule,
    /// Whether answers carry private costs (one number more per answer).
    pub private_costs: bool,
    /// An earlier, ended session whose plan and prices are the first centre. Its participants
    /// must be the same accounts in the same order.
    pub warm_from: Option<u64>,
}

/// Proximal weights: in round `k`, query `q` has `max(start[q]·decay^(k−1), floor)`.
#[cw_serde]
pub struct RhoSchedule {
    /// First weight of each query of a round; one or two queries.
    pub start: Vec<Fx>,
    /// Factor per round in (0, 1].
    pub decay: Fx,
    /// Least weight, above 0.
    pub floor: Fx,
}

/// The contract's own optimization step.
#[cw_serde]
pub enum Master {
    /// Best convex combination of each participant's kept answers.
    Combination {
        /// Gauss–Seidel passes over the participants per linearization.
        passes: u32,
        /// Linearizations per round.
        linearizations: u32,
        /// Answers kept per participant (2 to [`super::MAX_MEMORY`]), the baseline included;
        /// older ones are merged into it.
        memory: u32,
        /// Enforce voltage limits by an augmented Lagrangian.
        voltage: Option<VoltageConfig>,
    },
    /// Plain exchange ADMM, for comparison; it ignores voltage limits.
    Admm {
        /// Over-relaxation, 1.6 in the published comparison.
        relaxation: Fx,
    },
}

/// Parameters of the augmented-Lagrangian voltage master (squared per-unit magnitudes).
#[cw_serde]
pub struct VoltageConfig {
    /// Penalty `σ` of the query master.
    pub sigma: Fx,
    /// Safety margin of the query master.
    pub margin: Fx,
    /// Largest multiplier.
    pub cap: Fx,
    /// Penalty `σ` of the executed plan.
    pub plan_sigma: Fx,
    /// Safety margin of the executed plan.
    pub plan_margin: Fx,
    /// Passes per linearization of the executed plan.
    pub plan_passes: u32,
    /// Linearizations of the executed plan.
    pub plan_linearizations: u32,
    /// Largest violation (squared per unit) at which a plan counts as feasible.
    pub tolerance: Fx,
}

/// Marginal price where root generation is at or below zero (surplus has no value).
#[cw_serde]
pub enum ExportRule {
    /// `β·clip(1 + g/δ, 0, 1)`.
    Clip {
        /// Width `δ` (per unit).
        delta: Fx,
    },
    /// A multiplier: `max(0, w)` with `w = λ_old + κg` while `w ≤ β`.
    Multiplier {
        /// Slope `κ`.
        kappa: Fx,
    },
}

/// When a session has converged.
#[cw_serde]
pub struct StopRule {
    /// `ε_pri` of M(19), on `‖r‖₂`.
    pub primal: Fx,
    /// `ε_dual` of M(19), on `‖s‖₂`.
    pub dual: Fx,
    /// Certified relative gap; where set, exchange sessions with the combination master stop on
    /// it instead of the residuals.
    pub gap: Option<Fx>,
    /// Rounds that are always run.
    pub min_rounds: u32,
}

/// Bond of a session. What is forfeited goes to the operator when the bond is reclaimed.
#[cw_serde]
pub struct BondTerms {
    /// Bank denom.
    pub denom: String,
    /// Amount each participant posts.
    pub amount: Uint128,
    /// Forfeited per missed round.
    pub per_miss: Uint128,
    /// Forfeited per rejected iterate.
    pub per_rejection: Uint128,
}

/// Projection of a group.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Projection {
    /// All copies equal, M(16).
    Average,
    /// Two copies of opposite sign, Y(16).
    Opposite,
    /// Copies sum to zero (pool).
    SumZero,
}
