//! Offers, trades and feeders.

use gridweave_units::{Interval, IntervalSet};

/// Number of an offer.
pub type OfferId = u32;
/// What trades are ordered by: interval, seller, buyer.
pub type TradeKey = (Interval, OfferId, OfferId);

/// Which side of trades an offer stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Energy to sell, `S` of the paper.
    Sell,
    /// Energy to buy, `B` of the paper.
    Buy,
}

/// An offer `(E, I, R)` as far as it is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its side.
    pub side: Side,
    /// Feeder of the devices behind it.
    pub feeder: u32,
    /// Intervals in which it could trade, `I`.
    pub intervals: IntervalSet,
    /// Reservation price (µ/kWh), `R`: a seller's lowest, a buyer's highest.
    pub price: u64,
    /// Energy that no finalized trade has used (Wh), of `E`.
    pub left: u64,
}

/// Energy from a seller to a buyer in one interval, `p` and `π`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// When.
    pub interval: Interval,
    /// The selling offer.
    pub seller: OfferId,
    /// The buying offer.
    pub buyer: OfferId,
    /// Energy (Wh), above 0.
    pub energy: u64,
    /// Price (µ/kWh).
    pub price: u64,
}

impl Trade {
    /// What trades are ordered by.
    pub fn key(&self) -> TradeKey {
        (self.interval, self.seller, self.buyer)
    }
}
