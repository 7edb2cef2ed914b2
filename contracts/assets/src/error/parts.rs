//! Parts of errors.

use cosmwasm_std::Addr;
use gridweave_types::assets::{ClaimClass, PermitClass, Side};
use gridweave_units::IntervalSet;

/// An offer that its holder cannot cover.
#[derive(Debug, thiserror::Error)]
#[error(
    "offer {offer}: asked for {asked_energy} Wh of permit {} and {asked_money} µ, {holder} has {held_energy} Wh and {held_money} µ",
    show(class)
)]
pub struct Shortfall {
    /// The offer.
    pub offer: u64,
    /// The holder.
    pub holder: Addr,
    /// The permit.
    pub class: PermitClass,
    /// Asked for (Wh).
    pub asked_energy: u64,
    /// Free (Wh).
    pub held_energy: u64,
    /// Asked for (µ).
    pub asked_money: u128,
    /// Free (µ).
    pub held_money: u128,
}

/// Why a trade cannot be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TradeFault {
    /// The permit is for the other side.
    #[error("its permit is not for the side {expected:?}")]
    Side {
        /// The side of the trade.
        expected: Side,
    },
    /// The permit does not cover the interval.
    #[error("its permit is for {intervals}")]
    Interval {
        /// Intervals of the permit.
        intervals: IntervalSet,
    },
    /// No energy.
    #[error("the energy is 0, expected above 0")]
    NoEnergy,
    /// More energy than is locked.
    #[error("{asked} Wh are more than the {held} Wh locked")]
    Energy {
        /// Energy of the trade (Wh).
        asked: u64,
        /// Left in the lock (Wh).
        held: u64,
    },
    /// More money than is locked.
    #[error("{asked} µ are more than the {held} µ locked")]
    Money {
        /// Payment of the trade (µ).
        asked: u128,
        /// Left in the lock (µ).
        held: u128,
    },
}

/// A permit in words.
pub fn show(class: &PermitClass) -> String {
    let PermitClass {
        side,
        feeder,
        intervals,
    } = class;
    format!("({side:?}, feeder {feeder}, intervals {intervals})")
}

/// A claim in words.
pub fn show_claim(class: &ClaimClass) -> String {
    let ClaimClass {
        side,
        feeder,
        interval,
    } = class;
    format!("({side:?}, feeder {feeder}, interval {interval})")
}
