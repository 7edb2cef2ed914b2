//! Terms of a market.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint64, Uint128};
use gridweave_rules::market as rule;

/// What the market maximizes, see [`rule::Objective`].
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Objective {
    /// Traded energy (Wh), T(10).
    Energy,
    /// Traded energy, soon-expiring offers first.
    ExpiringFirst,
    /// Welfare, in thousandths of µ.
    Welfare,
}

impl From<Objective> for rule::Objective {
    fn from(objective: Objective) -> Self {
        match objective {
            Objective::Energy => Self::Energy,
            Objective::ExpiringFirst => Self::ExpiringFirst,
            Objective::Welfare => Self::Welfare,
        }
    }
}

/// Who sets the price of a trade.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Pricing {
    /// The solver, within the reservation prices, T(9). Trades in messages have 22 bytes.
    Solver,
    /// The contract: the middle of the reservation prices. Trades in messages have 14 bytes.
    Midpoint,
}

impl From<Pricing> for rule::Pricing {
    fn from(pricing: Pricing) -> Self {
        match pricing {
            Pricing::Solver => Self::Solver,
            Pricing::Midpoint => Self::Midpoint,
        }
    }
}

impl Pricing {
    /// How trades are packed in messages.
    pub const fn layout(self) -> rule::Layout {
        match self {
            Self::Solver => rule::Layout::Priced,
            Self::Midpoint => rule::Layout::Unpriced,
        }
    }
}

/// What messages and the book may hold.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Limits {
    /// Open offers of one address, at least 1.
    pub address_offers: u32,
    /// Open offers of all, 1 to [`super::MAX_BOOK`].
    pub book: u32,
    /// Energy of an offer (Wh), 1 to [`super::MAX_OFFER_ENERGY`].
    pub offer_energy: Uint64,
    /// Price of an offer (µ/kWh), at most [`gridweave_rules::settlement::MAX_PRICE`].
    pub offer_price: Uint64,
    /// Intervals from the next one to be finalized to an offer's last, 1 to
    /// [`super::MAX_HORIZON`].
    pub horizon: u32,
    /// Trades in one message, 1 to [`super::MAX_MESSAGE_TRADES`].
    pub message_trades: u32,
    /// Trades in one interval, 1 to [`super::MAX_INTERVAL_TRADES`].
    pub interval_trades: u32,
}

/// What solvers put at stake.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Bond {
    /// A solver's bond (µ). One that has less must fill it up before it acts again.
    pub amount: Uint128,
    /// Forfeited for an infeasible solution (µ), at most the bond.
    pub infeasible: Uint128,
    /// Forfeited for a solution that was committed and not revealed (µ), at most the bond.
    pub withheld: Uint128,
}

/// What solvers get, out of the reward pool and as far as it goes.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Reward {
    /// µ per million units of the objective that are finalized.
    pub rate: Uint64,
    /// Most in one interval (µ).
    pub interval_cap: Uint128,
    /// Share (parts per million) of its reward that a solver gets for a solution without
    /// certificate; with one the share is the certified ratio.
    pub uncertified_ppm: u32,
}

/// Commit–reveal: solutions are taken only from whoever committed to them in an earlier block.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Reveal {
    /// Seconds from the commitment in which the solution must be revealed, 1 to
    /// [`super::MAX_REVEAL`].
    pub seconds: u32,
}

/// Limits of a feeder (Wh per interval).
#[cw_serde]
#[derive(Copy, Eq)]
pub struct FeederLimits {
    /// Net export, T(5).
    pub export: Uint64,
    /// Net import, T(6).
    pub import: Uint64,
    /// Gross consumption, T(7).
    pub consumption: Uint64,
    /// Gross production, T(8).
    pub production: Uint64,
}

impl From<FeederLimits> for rule::FeederLimits {
    fn from(limits: FeederLimits) -> Self {
        Self {
            export: limits.export.u64(),
            import: limits.import.u64(),
            consumption: limits.consumption.u64(),
            production: limits.production.u64(),
        }
    }
}

impl From<rule::FeederLimits> for FeederLimits {
    fn from(limits: rule::FeederLimits) -> Self {
        Self {
            export: limits.export.into(),
            import: limits.import.into(),
            consumption: limits.consumption.into(),
            production: limits.production.into(),
        }
    }
}
