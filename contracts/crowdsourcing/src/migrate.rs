//! Name and version of this contract.

/// Name under which the contract stamps its state.
pub const CONTRACT_NAME: &str = env!("CARGO_PKG_NAME");
/// Version of this code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");
/// Oldest version whose state this code reads.
pub const OLDEST_VERSION: &str = "0.2.0";
