//! Meters: what they read, when they report it, and who carries it to the chain.
//!
//! A [`Series`] is what one meter reads over some intervals and from when it can report each
//! reading; [`devices`] makes the series of simulated devices, [`homes`] those of the homes of a market
//! while it goes on, [`mod@file`] reads one from a CSV file. A
//! [`Concentrator`] signs with the meters' keys and sends. It keeps no state: before it sends, it
//! asks the contract which interval and which nonce come next.

mod concentrator;
pub mod devices;
pub mod file;
pub mod homes;
mod series;

pub use concentrator::{Concentrator, Domain, Meter, Progress, Source};
pub use series::{Reporting, Series};
