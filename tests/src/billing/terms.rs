//! Valid terms to start from.

use cosmwasm_std::{Addr, Int64, Uint64, Uint128};
use gridweave_types::billing::{InstantiateMsg, Limits, Tariff, Term, Windows};

use crate::DENOM;

/// Seconds per interval.
pub const INTERVAL: u32 = 900;
/// Intervals per period.
pub const PERIOD: u32 = 4;
/// See [`Windows::reading`].
pub const READING: u32 = 600;
/// See [`Windows::dispute`].
pub const DISPUTE: u32 = 300;
/// See [`Windows::correction`].
pub const CORRECTION: u32 = 7_200;
/// Collateral per account (µ).
pub const COLLATERAL: u128 = 1_000_000;
/// Largest energy (Wh).
pub const LIMIT: u64 = 1_000_000;
/// Largest price (µ/kWh).
pub const PRICE: u64 = 10_000_000;
/// Price of energy without a commitment (µ/kWh).
pub const REFERENCE: i64 = 300_000;

/// The DLMP as the only term, an imbalance factor of 10 %, no float.
pub fn terms(grid: &Addr, treasury: &Addr, genesis: u64) -> InstantiateMsg {
    InstantiateMsg {
        grid: grid.to_string(),
        treasury: treasury.to_string(),
        denom: DENOM.into(),
        genesis: genesis as u32,
        interval_seconds: INTERVAL,
        period_intervals: PERIOD,
        tariff: Tariff {
            terms: vec![Term::Dlmp {}],
            imbalance_bps: 1_000,
        },
        reference_price: Int64::new(REFERENCE),
        collateral: Uint128::new(COLLATERAL),
        float: Uint128::zero(),
        windows: Windows {
            reading: READING,
            dispute: DISPUTE,
            correction: CORRECTION,
        },
        limits: Limits {
            energy: Uint64::new(LIMIT),
            price: Uint64::new(PRICE),
            silent: 2,
            ahead: 10_000,
        },
    }
}
