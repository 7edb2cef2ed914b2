//! Markets: recorded order books, and scenarios of a day on which homes post offers as time goes by.
//! `docs/scenarios.md` describes both formats.

mod book;
mod check;
mod document;
mod homes;
mod participants;
mod posting;
mod replay;
mod scenario;

pub use book::{BookExpected, BookFile, BookOffer, BookSide, LONGEST_OFFER};
pub use document::{MarketObjective, MarketPricing};
pub use homes::Home;
pub use posting::Posting;
pub use scenario::{MarketDay, MarketScenario};
