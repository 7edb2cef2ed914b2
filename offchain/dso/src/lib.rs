//! The operator (DSO) at its counter: participants withdraw permits and money to anonymous addresses
//! (the paper's `withdrawAssets`), hand claims and money back, and find both in their accounts.
//!
//! [`Dso`] is the counter. Its [`Ledger`] is the only link between accounts and addresses. Whatever
//! goes to the chain is written down before it is sent; after a crash the chain's events tell what
//! was done, so that nothing is issued twice and nothing is lost.

pub mod api;
mod decimal;
mod desk;
mod error;
pub mod home;
pub mod ledger;
mod policy;

pub use desk::{Dso, Request, Round, Step};
pub use error::{DsoError, Refusal, RefusalKind};
pub use ledger::{Ledger, LedgerError, Participant, State, WithdrawalRecord};
pub use policy::{BatchOrder, Deadline, Policy};
