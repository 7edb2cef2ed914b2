//! Grids, devices, profiles and scenarios; imports and AC power flow.
//!
//! Everything ends in an [`Instance`]: [`Scenario::build`] makes one from TOML, [`golden::load`]
//! reads one from JSON, [`matpower::load`] imports the network of a MATPOWER case, and
//! [`powerflow::evaluate`] judges what a schedule costs on the real (AC) network.

mod check;
pub mod crowdsourcing;
mod devices;
pub mod golden;
pub mod instance;
mod json;
pub mod market;
pub mod matpower;
pub mod network;
pub mod powerflow;
pub mod profile;
pub mod prosumers;
pub mod scenario;
pub mod schedule;
mod words;

pub use check::Flaw;
pub use instance::{
    Battery, Bus, Deferrable, Generator, Instance, LocalGenerator, Network, Shapable, Site,
    UserCost,
};
pub use json::FileError;
pub use network::{BranchSpec, NetworkBase, NetworkError};
pub use powerflow::{Execution, PowerFlowError, evaluate};
pub use scenario::{
    BillingOptions, MeterOptions, Scenario, ScenarioError, SessionMode, SessionOptions, TariffTerm,
};
pub use schedule::{SiteSchedule, baseline, bounds};
