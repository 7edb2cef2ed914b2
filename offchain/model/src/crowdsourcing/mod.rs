//! The crowd of *Blockchain-Assisted Crowdsourced Energy Systems* (Wang, Taha, Wang), cited as
//! `C(..)`: who takes part, what they tell the operator, and how they really decide.
//!
//! Powers are per unit, energies per-unit hours and prices currency per unit of power and interval,
//! as in [`Instance`](crate::Instance). `docs/scenarios.md` describes the table `[crowdsourcing]`.

mod acceptance;
pub(crate) mod build;
mod check;
mod crowd;
mod days;
mod document;
mod draw;
mod reserve;

pub use acceptance::{Acceptance, Answer, TaskKey};
pub use crowd::{Crowd, Crowdsourcee, CrowdsourceeKind, Feeder, Preferences, Term, Terms};
pub use days::Variation;
pub(crate) use document::CrowdsourcingTable;
pub use reserve::Reserve;
