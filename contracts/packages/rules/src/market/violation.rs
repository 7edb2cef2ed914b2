//! Why a solution is not feasible.

use gridweave_units::Interval;

use super::offer::{OfferId, Side, TradeKey};

/// The first constraint that a solution violates, with the amounts. Energies are Wh, prices µ/kWh.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum Violation {
    /// Not in strictly increasing order.
    #[error("order: trade {trade:?} (interval, seller, buyer) does not come after {after:?}")]
    Order { trade: TradeKey, after: TradeKey },
    /// A trade of nothing.
    #[error("energy: trade {trade:?} (interval, seller, buyer) has 0 Wh, expected more")]
    NoEnergy { trade: TradeKey },
    /// More trades in an interval than the market takes.
    #[error("trades: interval {} has more than {limit}", interval.0)]
    TooMany { interval: Interval, limit: u32 },
    /// No such offer.
    #[error("offer {offer}: never posted")]
    UnknownOffer { offer: OfferId },
    /// The offer is used up, cancelled or expired.
    #[error("offer {offer}: no longer open")]
    OfferEnded { offer: OfferId },
    /// A buyer in the place of a seller or the other way round.
    #[error("offer {offer}: stands on the side {side:?}, expected the other")]
    WrongSide { offer: OfferId, side: Side },
    /// T(1).
    #[error("T(1): offer {seller} asks {ask} µ/kWh, offer {buyer} pays at most {bid}")]
    NotMatchable {
        seller: OfferId,
        buyer: OfferId,
        ask: u64,
        bid: u64,
    },
    /// T(2).
    #[error("T(2): offer {offer} does not trade in interval {}", interval.0)]
    OutsideSet { offer: OfferId, interval: Interval },
    /// T(3) for sellers, T(4) for buyers.
    #[error(
        "{}: offer {offer} would trade {asked} Wh up to interval {}, {left} Wh are left",
        match side { Side::Sell => "T(3)", Side::Buy => "T(4)" }, interval.0
    )]
    Energy {
        offer: OfferId,
        side: Side,
        interval: Interval,
        asked: u128,
        left: u64,
    },
    /// No limits are known of the feeder.
    #[error("feeder {feeder}: has no limits, so no offer of it may trade (interval {})", interval.0)]
    UnknownFeeder { feeder: u32, interval: Interval },
    /// T(5).
    #[error("T(5): feeder {feeder} would export {net} Wh net in interval {}, at most {limit}", interval.0)]
    Export {
        feeder: u32,
        interval: Interval,
        net: u128,
        limit: u64,
    },
    /// T(6).
    #[error("T(6): feeder {feeder} would import {net} Wh net in interval {}, at most {limit}", interval.0)]
    Import {
        feeder: u32,
        interval: Interval,
        net: u128,
        limit: u64,
    },
    /// T(7).
    #[error("T(7): feeder {feeder} would consume {gross} Wh in interval {}, at most {limit}", interval.0)]
    Consumption {
        feeder: u32,
        interval: Interval,
        gross: u128,
        limit: u64,
    },
    /// T(8).
    #[error("T(8): feeder {feeder} would produce {gross} Wh in interval {}, at most {limit}", interval.0)]
    Production {
        feeder: u32,
        interval: Interval,
        gross: u128,
        limit: u64,
    },
    /// T(9).
    #[error(
        "T(9): offers {seller} and {buyer} in interval {} at {price} µ/kWh, expected {ask} to {bid}", interval.0
    )]
    Price {
        seller: OfferId,
        buyer: OfferId,
        interval: Interval,
        price: u64,
        ask: u64,
        bid: u64,
    },
    /// T(12), T(13).
    #[error("T(12): interval {} is finalized, the first open one is {}", interval.0, next.0)]
    Finalized { interval: Interval, next: Interval },
    /// A trade beyond the horizon of the market.
    #[error("horizon: interval {} lies beyond {}, the last one of the market", interval.0, last.0)]
    Beyond { interval: Interval, last: Interval },
    /// A sum exceeds 128 bits.
    #[error("{what} exceeds its range")]
    Overflow { what: &'static str },
}

impl Violation {
    /// Its name in events.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Order { .. } => "order",
            Self::NoEnergy { .. } => "no_energy",
            Self::TooMany { .. } => "too_many_trades",
            Self::UnknownOffer { .. } => "unknown_offer",
            Self::OfferEnded { .. } => "offer_ended",
            Self::WrongSide { .. } => "wrong_side",
            Self::NotMatchable { .. } => "not_matchable",
            Self::OutsideSet { .. } => "outside_set",
            Self::Energy { .. } => "energy",
            Self::UnknownFeeder { .. } => "unknown_feeder",
            Self::Export { .. } => "export",
            Self::Import { .. } => "import",
            Self::Consumption { .. } => "consumption",
            Self::Production { .. } => "production",
            Self::Price { .. } => "price",
            Self::Finalized { .. } => "finalized",
            Self::Beyond { .. } => "beyond",
            Self::Overflow { .. } => "overflow",
        }
    }

    /// Whether a feeder's limits are what is violated.
    pub const fn is_of_feeder(&self) -> bool {
        matches!(
            self,
            Self::UnknownFeeder { .. }
                | Self::Export { .. }
                | Self::Import { .. }
                | Self::Consumption { .. }
                | Self::Production { .. }
        )
    }
}
