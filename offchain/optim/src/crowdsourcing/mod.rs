//! Programs of *Blockchain-Assisted Crowdsourced Energy Systems* (Wang, Taha, Wang): the equilibrium
//! C(1) and the incentives C(2) that are to make a crowd deliver it.
//!
//! C(1) is the central program with the owners' costs ([`crate::solve_central`]); its sites answer
//! the coordinator's ADMM as those of any other day do. [`equilibrium`] reads from it what each
//! crowdsourcee is to do. C(2) is stated in [`IncentiveProblem`]; its products `λᵃu` are linearised
//! by products of the bounds and of each crowdsourcee's own constraint, and tightened where that
//! leaves a distance.

mod equilibrium;
mod incentives;
pub mod learned;
mod lifted;
mod recover;
pub mod simulation;
mod solve;

pub use equilibrium::{Deliveries, equilibrium};
pub use incentives::{BudgetPays, Candidate, IncentiveProblem, Offer, Response};
pub use solve::{Answered, IncentiveDesign};
