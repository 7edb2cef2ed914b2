//! A home that trades through the operator's counter: a fresh key in every posting period, offers as
//! soon as the permits are there, claims and money handed back at a random moment.
//!
//! A home remembers nothing. Its keys follow from its secret, its requests have names, and the chain
//! shows what was posted and what has come back.

mod counter;
mod error;
mod moment;
mod period;
mod plan;
mod trader;

pub use counter::{Counter, Withdrawn};
pub use error::HomeError;
pub use moment::Moment;
pub use plan::{HomeOffer, HomePlan, Slot};
pub use trader::{Home, HomeTerms, Standing};
