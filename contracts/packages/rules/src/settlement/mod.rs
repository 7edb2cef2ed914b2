//! Two settlements: what was promised is paid as promised, deviations at imbalance prices.
//!
//! An account's [`Position`] is what it promised for one interval. Once the meter has reported,
//! [`settle`] says what that is worth to the account, and the grid account takes the exact other
//! side. Signs are those of the account: energy injected and money received are positive.
//!
//! # Rounding
//! Every component rounds toward −∞ for the account and for the grid account alike: what either owes
//! rounds up, what either gets rounds down. The difference, at most 1 µ per component, is the dust,
//! so that account + grid + dust = 0 exactly.
//!
//! # Totality
//! Nothing here panics. Sums and products are checked, and beyond 128 bits the answer is
//! [`SettlementError::Overflow`]. Within [`MAX_ENERGY`] and [`MAX_PRICE`] none can overflow.

mod convert;
mod error;
mod ledger;
mod position;
mod settle;
mod tariff;
mod timeline;

pub use convert::{energy_of, price_of};
pub use error::SettlementError;
pub use ledger::{Pool, Purse, book, collect, credit, debit, deposit, draw, withdraw};
pub use position::{Commitment, Position, PriceRange};
pub use settle::{Settlement, settle};
pub use tariff::{Demand, ImbalanceFactor, MAX_SLOTS, MAX_TERMS, Tariff, Term};
pub use timeline::Timeline;

/// Largest magnitude of an energy that a contract should admit (Wh in one interval): 1 TWh.
pub const MAX_ENERGY: u64 = 1_000_000_000_000;
/// Largest magnitude of a price that a contract should admit (µ/kWh): a million per kWh.
pub const MAX_PRICE: u64 = 1_000_000_000_000;
