//! Physical and monetary units in integers and fixed point, with explicit rounding.
//!
//! Nothing here uses floating point; off-chain code converts at its own edge.

#![deny(clippy::float_arithmetic)]

mod accumulator;
mod fx;
mod interval;
mod interval_set;
mod packed;
mod quantity;

pub use accumulator::Acc;
pub use fx::{Fx, ParseFxError};
pub use interval::{Clock, Interval};
pub use interval_set::{IntervalSet, ParseIntervalSetError};
pub use packed::{FX_BYTES, PackError, pack, pack_into, unpack};
pub use quantity::{Energy, Money, Power, Price, Rounding};
