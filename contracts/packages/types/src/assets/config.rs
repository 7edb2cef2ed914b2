//! Instantiation and migration.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint64;

/// Instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address of the `grid` contract, which knows the operator (the DSO), the feeders and the
    /// accounts.
    pub grid: String,
    /// Address of the `billing` contract, where deposited claims become commitments; it must have
    /// the same denom and clock. Without it claims can be deposited but not credited.
    pub billing: Option<String>,
    /// The one bank denom.
    pub denom: String,
    /// Unix seconds at which interval 0 begins.
    pub genesis: u32,
    /// Chain seconds per interval, at least 1; a scenario may compress time.
    pub interval_seconds: u32,
    /// Highest price (µ/kWh) at which a commitment is recorded in `billing`, 1 to
    /// [`gridweave_rules::settlement::MAX_PRICE`]. Deviations settle at that price, so that friends
    /// who trade with each other at any price must not move it.
    pub price_limit: Uint64,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}
