//! Homes that trade with each other: the local task PLT of one home and the problem DCM of all. `Y(..)`
//! are the equations of Yang and Wang, *Exploring blockchain for the coordination of distributed energy
//! resources*. Powers are in kW, energies in kWh, money in currency; net trade is what a home sells.

mod baseline;
mod community;
mod connected;
mod devices;
mod elastic;
mod fx;
mod home;
mod pool;
mod rolling;
mod terms;
mod vars;

#[cfg(test)]
mod tests;

pub use baseline::baseline;
pub use community::{CommunityOptimum, Trading, solve_community};
pub use connected::{connected_cost, injection};
pub use home::{HomeAnswer, HomeProblem};
pub use pool::{PoolRound, PoolSession, Settlement};
pub use rolling::{Lived, Rolling, Window};
pub use terms::{PoolStart, PoolTerms, mobility};
