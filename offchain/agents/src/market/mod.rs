//! Actors of a market: [`dso`] gives permits and money to fresh addresses, [`trader`] posts offers,
//! [`solver`] finds trades, [`keeper`] finalizes, [`hostile`] is a test adversary. [`book`] follows the contract's events, [`ledger`]
//! reads it, [`terms`] says what a market is like.

pub mod book;
pub mod dso;
pub mod hostile;
pub mod keeper;
pub mod ledger;
mod notes;
pub mod solver;
pub mod terms;
pub mod trader;
