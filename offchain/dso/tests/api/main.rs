//! The counter over HTTP on loopback, with the embedded chain behind it.

#[path = "../common/mod.rs"]
mod common;
mod counter;

mod refusals;
mod requests;
