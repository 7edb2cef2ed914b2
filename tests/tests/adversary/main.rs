//! Attempts to break each contract.

mod assets;
mod assets_limits;
mod billing;
mod billing_limits;
mod coordinator;
mod crowdsourcing;
mod grid;
mod grid_input;
mod market;
mod market_limits;
mod payee;
