//! Convex programs of the day-ahead schedule on the conic solver clarabel: the central
//! branch-flow program M(10), the device problem of a bus, the subproblems M(15) of the consensus
//! modes, and the rounding of deferrable loads. `M(..)` are the equations of Munsing, Mather and
//! Moura, *Blockchains for decentralized optimization of energy resources in microgrid networks*.
//!
//! [`crowdsourcing`] holds the programs of a crowdsourced day, C(1) and C(2).
//! [`prosumers`] holds the programs of communities that trade within themselves, in kW and kWh.
//!
//! Everything else is in the per-unit system of [`gridweave_model::Instance`]. Powers are injections
//! (generation positive) unless said otherwise. The branch-flow form and its end convention are
//! stated in `feeder.rs`: `P_i, Q_i` is the power arriving at the parent of bus `i`.
//!
//! Only the solver status `Solved` counts as a solution; everything else is an error.

mod area;
mod central;
mod check;
pub mod crowdsourcing;
mod decompose;
mod devices;
mod error;
mod feeder;
#[cfg(feature = "highs")]
mod highs;
pub mod market;
mod partition;
mod program;
pub mod prosumers;
mod rounding;
mod schedule;
mod site;
mod solver;
mod unit;

pub use area::{AreaAnswer, AreaProblem};
pub use central::{CentralSolution, EXACT_GAP, solve_central};
pub use decompose::{BlockKind, Decomposition, SharedBlock, lateral, nodal};
pub use error::{OptimError, Problem};
pub use rounding::{Rounded, fix_starts, round_deferrables};
pub use schedule::SiteSchedule;
pub use site::{SiteAnswer, SiteProblem};
