//! Terms of the measured contracts.

use anyhow::Result;
use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_chain::ContractKind::Grid;
use gridweave_types::billing::{InstantiateMsg, Limits, Tariff, Term, Windows};

use super::super::stage::Stage;

/// A clock and its windows, all in seconds.
pub struct Clock {
    /// When interval 0 begins (Unix seconds).
    pub genesis: u64,
    /// An interval.
    pub interval: u32,
    /// Intervals of a period.
    pub period: u32,
    /// Dispute window.
    pub dispute: u32,
    /// Correction window.
    pub correction: u32,
}

/// A tariff of the usual kinds: the DLMP, a price for each hour of a day, and a demand charge.
pub fn tariff() -> Tariff {
    Tariff {
        terms: vec![
            Term::Dlmp {},
            Term::TimeOfUse {
                prices: (0..24).map(|hour| Int64::new(1_000 * hour)).collect(),
            },
            Term::Demand {
                price: Uint64::new(90_000),
            },
        ],
        imbalance_bps: 1_000,
    }
}

/// Terms without collateral or float.
///
/// # Errors
/// The grid is not deployed.
pub fn terms(stage: &Stage, clock: &Clock) -> Result<InstantiateMsg> {
    Ok(InstantiateMsg {
        grid: stage.address(Grid)?.to_string(),
        treasury: stage.operator.address.clone(),
        denom: stage.denom.clone(),
        genesis: u32::try_from(clock.genesis)?,
        interval_seconds: clock.interval,
        period_intervals: clock.period,
        tariff: tariff(),
        reference_price: Int64::new(150_000),
        collateral: Uint128::zero(),
        float: Uint128::zero(),
        windows: Windows {
            reading: 0,
            dispute: clock.dispute,
            correction: clock.correction,
        },
        limits: Limits {
            energy: Uint64::new(1_000_000),
            price: Uint64::new(10_000_000),
            silent: 1_000,
            ahead: 1_000_000,
        },
    })
}
