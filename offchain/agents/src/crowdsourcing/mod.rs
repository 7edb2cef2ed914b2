//! Actors of a crowdsourced day: the operator, who runs algorithm 1 of *Blockchain-Assisted
//! Crowdsourced Energy Systems* (cited as `C(..)`), and what it needs of chain and crowd.
//!
//! The operator keeps nothing that it could not read from the chain again: every step of
//! [`Operator`] begins with queries, does the work of one line and ends. So it may be stopped between
//! any two lines.

mod admission;
mod agreements;
mod algorithm;
mod chain;
mod crowdsourcee;
mod decision;
mod design;
mod desk;
mod equilibrium;
mod office;
mod on_contract;
mod part;
mod plan;
mod platform;
mod sweeper;
pub mod terms;

pub use algorithm::{Line, Operator, Step};
pub use chain::{Accounts, OnContract};
pub use crowdsourcee::Crowdsourcee;
pub use decision::Decision;
pub use equilibrium::EquilibriumPlanner;
pub use office::{Office, programme_from};
pub use part::{Accepted, Part, Standing};
pub use plan::{Ahead, DayPlan, Generator, Member, Planner};
pub use platform::{
    Admitted, Book, Moment, NewTask, Platform, ProgrammeTerms, Raise, Supplement, Task, TaskState,
    Who,
};
pub use sweeper::Sweeper;
