//! Messages, responses, event names and storage namespaces of the contracts.
//!
//! Scalars are [`gridweave_units::Fx`] (decimal strings in JSON); arrays are packed 8 bytes little
//! endian per number in a `Binary`.

#![deny(clippy::float_arithmetic)]

pub mod address;
pub mod assets;
pub mod billing;
pub mod coordinator;
pub mod crowdsourcing;
pub mod event;
pub mod funds;
pub mod grid;
pub mod market;
pub mod packed;
pub mod page;
pub mod parameter;
pub mod version;
