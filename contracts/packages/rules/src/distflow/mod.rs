//! Power flow of a radial feeder in the branch-flow form.
//!
//! The published M(1a) and M(1c) mix sending and receiving ends. Here `P_i`, `Q_i` arrive at the
//! parent's end of the branch above bus `i`, injections are positive:
//! `P_i = p_i + Σ_children P_k − r_i·l_i`, `l_i = (P_i² + Q_i²)/v_π(i)`,
//! `v_i = v_π(i) + 2(r_i P_i + x_i Q_i) + (r_i² + x_i²) l_i`.

mod adjoint;
mod network;
mod sweep;

pub use adjoint::adjoint;
pub use network::{Network, NetworkError};
pub use sweep::{Flow, solve};
