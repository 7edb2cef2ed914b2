//! Answers about offers, intervals and feeders.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Int128, Uint64};

use super::FeederLimits;
use crate::assets::Side;
use gridweave_units::IntervalSet;

/// How an offer stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum OfferState {
    /// It may trade.
    Open,
    /// It may trade in this round and ends with it, unless the candidate uses it then.
    Closing,
}

/// Answer to [`super::QueryMsg::Offer`].
#[cw_serde]
pub struct OfferResponse {
    /// Its number.
    pub offer: u32,
    /// Whose it is.
    pub owner: Addr,
    /// How it stands.
    pub state: OfferState,
    /// Its side.
    pub side: Side,
    /// Its feeder.
    pub feeder: u32,
    /// Its intervals.
    pub intervals: IntervalSet,
    /// Energy when posted (Wh).
    pub energy: Uint64,
    /// Energy in finalized trades (Wh).
    pub traded: Uint64,
    /// Energy in the candidate's trades of open intervals (Wh).
    pub candidate: Uint64,
    /// Reservation price (µ/kWh).
    pub price: Uint64,
}

/// Answer to [`super::QueryMsg::Offers`].
#[cw_serde]
pub struct OffersResponse {
    /// One page by number.
    pub offers: Vec<OfferResponse>,
}

/// What the offers of a feeder trade in one interval.
#[cw_serde]
#[derive(Eq)]
pub struct FeederFlow {
    /// Feeder number.
    pub feeder: u32,
    /// Sold (Wh).
    pub sold: Uint64,
    /// Bought (Wh).
    pub bought: Uint64,
}

/// Answer to [`super::QueryMsg::Interval`].
#[cw_serde]
pub struct IntervalResponse {
    /// The interval.
    pub interval: u32,
    /// Whether the trades are final.
    pub finalized: bool,
    /// Whether lowered limits have made it void: it trades nothing.
    pub void: bool,
    /// Number of the solution, 0 for `p = 0`.
    pub solution: Uint64,
    /// Energy (Wh).
    pub energy: Uint64,
    /// Share of the objective, as of this round or when it was finalized.
    pub objective: Int128,
    /// What the feeders trade, by feeder.
    pub flows: Vec<FeederFlow>,
    /// Number of trades.
    pub trades: u32,
    /// The trades, packed 20 bytes each (see [`gridweave_rules::market::Layout::Stored`]); left out
    /// in lists.
    pub packed: Option<Binary>,
}

/// Answer to [`super::QueryMsg::CandidateIntervals`].
#[cw_serde]
pub struct IntervalsResponse {
    /// One page in order of time.
    pub intervals: Vec<IntervalResponse>,
}

/// Answer to [`super::QueryMsg::Feeder`].
#[cw_serde]
pub struct FeederResponse {
    /// Feeder number.
    pub feeder: u32,
    /// Its limits.
    pub limits: FeederLimits,
}

/// Answer to [`super::QueryMsg::Feeders`].
#[cw_serde]
pub struct FeedersResponse {
    /// One page by number.
    pub feeders: Vec<FeederResponse>,
}
