//! Actors of a market: [`dso`] gives permits and money to fresh addresses, [`trader`] posts offers,
//! [`solver`] finds trades, [`keeper`] finalizes; [`claims`] hands back what was traded and [`credits`]
//! passes it on to the homes' [`accounts`]. [`hostile`] is a test adversary. [`book`] follows the contract's
//! events, [`ledger`]
//! reads it, [`terms`] says what a market is like.

pub mod accounts;
pub mod book;
pub mod claims;
pub mod credits;
pub mod dso;
mod feed;
pub mod hostile;
pub mod keeper;
pub mod ledger;
mod notes;
pub mod solver;
pub mod terms;
pub mod trader;
