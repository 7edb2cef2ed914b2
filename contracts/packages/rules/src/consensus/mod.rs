//! Consensus ADMM in Douglas–Rachford form.
//!
//! A member keeps one vector `w = x̂ + ξ/ρ` instead of copy and dual. With the group's projection
//! `z = P(w)` its next target is `c = 2z − w = z − ξ/ρ`, and its answer `x` moves it by
//! `w ← w + α(x − z)`. For `α = 1` this is exactly M(16) and M(17), and Y(16) and Y(17), because
//! the projections are linear.

mod anderson;
mod projection;

pub use anderson::{Anderson, AndersonStep, MAX_ANDERSON_MEMORY};
pub use projection::{Coupling, aggregate, dual, member_copy, shift, target};
