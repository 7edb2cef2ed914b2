//! How far a solution can be from the best: an upper bound from duals that nobody has to trust.
//!
//! # The compact linear program
//! Per interval only each offer's total matters. With `x[s,t]` sold and `y[b,t]` bought (Wh), `g` the
//! offer's weight in the objective ([`Objective::weight`]), `E` what is left of it, over the open
//! intervals `t` of each offer:
//!
//! ```text
//! max Σ g_s·x[s,t] + Σ g_b·y[b,t]        x, y ≥ 0
//!     Σ_t x[s,t] ≤ E_s                                     u_s ≥ 0    T(3)
//!     Σ_t y[b,t] ≤ E_b                                     w_b ≥ 0    T(4)
//!     Σ_s x[s,t] − Σ_b y[b,t] = 0                          φ_t
//!     Σ_{R_s ≥ π} x[s,t] − Σ_{R_b ≥ π} y[b,t] ≤ 0          μ_tπ ≥ 0   T(1), for every price π
//!     Σ_{s∈f} x[s,t] − Σ_{b∈f} y[b,t] ≤ export_f           α⁺_ft ≥ 0  T(5)
//!     Σ_{b∈f} y[b,t] − Σ_{s∈f} x[s,t] ≤ import_f           α⁻_ft ≥ 0  T(6)
//!     Σ_{b∈f} y[b,t] ≤ consumption_f                       γ_ft ≥ 0   T(7)
//!     Σ_{s∈f} x[s,t] ≤ production_f                        β_ft ≥ 0   T(8)
//! ```
//!
//! A solver keeps the rows of T(1) sparse by writing them as a chain down the prices of an interval,
//! `h[t,k] = h[t,k−1] + y(level k) − x(level k) ≥ 0` with `h = 0` at the bottom; the dual of row `k`
//! is then `φ_t` plus the sum of `μ` over the prices up to level `k`. Offers' finalized parts are gone
//! from `E`, and finalized intervals from the program.
//!
//! # Its dual
//! With the price potential `P_t(R) = φ_t + Σ_{π ≤ R} μ_tπ` and `α = α⁺ − α⁻`:
//!
//! ```text
//! min Σ u_s·E_s + Σ w_b·E_b + Σ_ft (α⁺·export + α⁻·import + γ·consumption + β·production)
//!     u_s ≥ g_s − P_t(R_s) − α_ft − β_ft       for every open t of s, f its feeder
//!     w_b ≥ g_b + P_t(R_b) + α_ft − γ_ft       for every open t of b, f its feeder
//! ```
//!
//! # Lifting
//! A [`Certificate`] carries `φ, μ, α, β, γ` as integers over a common scale, and the rule computes the
//! least `u` and `w` that fit ([`Lift`]). So whatever the numbers are, the result is feasible, and by
//! weak duality no feasible solution is worth more than its value, rounded down since solutions are
//! worth whole numbers. A wrong or hostile certificate can
//! only give a larger bound. `μ`, `β` and `γ` cannot be negative in their encoding, `φ` and `α` may be;
//! what a certificate does not mention is 0.

mod codec;
mod lift;

pub use codec::CertificateError;
pub use lift::{Lift, LiftError, PPM, ratio};

#[cfg(doc)]
use super::Objective;

/// Duals of the compact program, each `scale` times too large.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// What the duals are multiplied by, 1 to [`Self::MAX_SCALE`].
    pub scale: u64,
    /// By interval, strictly ascending.
    pub intervals: Vec<IntervalDuals>,
}

impl Certificate {
    /// Largest scale: large enough that rounding duals moves no bound by a billionth.
    pub const MAX_SCALE: u64 = 1 << 40;
}

/// Duals of one interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntervalDuals {
    /// The interval.
    pub interval: u32,
    /// `φ`: the potential below all prices.
    pub base: i64,
    /// `(π, μ)`: by how much the potential rises at a price (µ/kWh); prices strictly ascending.
    pub levels: Vec<(u64, u64)>,
    /// By feeder, strictly ascending.
    pub feeders: Vec<FeederDuals>,
}

/// Duals of one feeder in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeederDuals {
    /// The feeder.
    pub feeder: u32,
    /// `α`: above 0 for the export limit, below for the import limit.
    pub net: i64,
    /// `γ` of gross consumption.
    pub consumption: u64,
    /// `β` of gross production.
    pub production: u64,
}
