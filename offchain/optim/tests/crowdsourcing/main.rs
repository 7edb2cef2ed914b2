//! The equilibrium C(1) and the incentives C(2).

mod any_crowd;
#[path = "../common/mod.rs"]
mod common;
mod equilibrium;
mod incentives;
