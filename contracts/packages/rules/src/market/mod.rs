//! The market's rules: what a solution may do, what it is worth, and how far from the best it is.
//!
//! A *solution* is a list of [`Trade`]s in strictly increasing order of `(interval, seller, buyer)`,
//! so no pair trades twice in an interval and a verifier holds one interval's feeder totals at a
//! time. [`Verifier`] checks T(1) to T(9), T(12) and T(13) exactly and adds up the [`Objective`].
//! [`ladder()`] reads pairs off a solution of the compact linear program, which only knows each
//! offer's total per interval, and [`Certificate`] bounds that program's optimum from above.
//!
//! # Numbers
//! Energies are Wh, prices µ per kWh and never negative, offers are numbered. Sums are 128 bits
//! wide and checked: beyond them the answer is an error, nothing panics.

mod book;
pub mod certificate;
mod feeder;
mod ladder;
mod objective;
mod offer;
mod packed;
mod price;
pub mod reward;
mod verify;
mod violation;

pub use book::{Book, Entry, PlainBook, Verified};
pub use certificate::Certificate;
pub use feeder::{FeederLimits, Flow};
pub use ladder::{Amount, LadderError, Pair, ladder};
pub use objective::{Objective, Value, WHOLE};
pub use offer::{Offer, OfferId, Side, Trade, TradeKey};
pub use packed::{Layout, TradesError, pack_trade, unpack_trades};
pub use price::{Pricing, escrow, midpoint, payment};
pub use verify::{Part, Progress, Rejection, Step, Terms, Verifier};
pub use violation::Violation;
