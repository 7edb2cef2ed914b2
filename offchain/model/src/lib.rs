//! Grids, devices, profiles and scenarios; imports and AC power flow.

pub mod instance;

pub use instance::{
    Battery, Bus, Deferrable, Generator, Instance, LocalGenerator, Network, Shapable, Site,
};
