//! The packed records.

use cosmwasm_std::{StdError, StdResult, Storage};
use gridweave_rules::market::{FeederLimits, Flow, Offer, Part, Side, Value};
use gridweave_types::packed::packed_struct;
use gridweave_units::{Interval, IntervalSet};

use super::STATUS;

/// States of an offer as they are stored.
pub mod offer_state {
    /// Used up, cancelled or expired.
    pub const ENDED: u8 = 0;
    /// See [`gridweave_types::market::OfferState::Open`].
    pub const OPEN: u8 = 1;
    /// See [`gridweave_types::market::OfferState::Closing`].
    pub const CLOSING: u8 = 2;
}

/// Phases as they are stored.
pub mod phase {
    /// See [`gridweave_types::market::Phase::Open`].
    pub const OPEN: u8 = 0;
    /// See [`gridweave_types::market::Phase::Settling`].
    pub const SETTLING: u8 = 1;
    /// See [`gridweave_types::market::Phase::Sweeping`].
    pub const SWEEPING: u8 = 2;
}

packed_struct! {
    /// Where the market stands.
    pub struct Status {
        /// The next interval to be finalized.
        pub next: u32,
        /// See [`phase`].
        pub phase: u8,
        /// Trades settled of the interval before `next`.
        pub settled: u32,
        /// Number of the last offer.
        pub last_offer: u32,
        /// Offers that are not ended.
        pub open_offers: u32,
        /// Whether feeders' limits were lowered in this round.
        pub lowered: bool,
        /// How often they were.
        pub lowerings: u32,
        /// Number of the last solution.
        pub last_solution: u64,
        /// The candidate; 0 for `p = 0`.
        pub candidate: u64,
        /// Its energy over open intervals that are not void (Wh).
        pub energy: u128,
        /// See [`Value::weighted`].
        pub weighted: u128,
        /// Sum of the solvers' bonds (µ).
        pub bonds: u128,
        /// Reward pool (µ).
        pub pool: u128,
        /// Rewards not claimed (µ).
        pub owed: u128,
    }
}

impl Status {
    /// The stored one.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let status = STATUS.may_load(storage, 0)?;
        status.ok_or_else(|| StdError::msg("the market has no status"))
    }

    /// Stores it.
    pub fn save(&self, storage: &mut dyn Storage) {
        STATUS.save(storage, 0, self);
    }

    /// What the candidate is worth.
    pub fn value(&self) -> Value {
        Value {
            energy: self.energy,
            weighted: self.weighted,
        }
    }

    /// Notes what the candidate is worth.
    pub fn set_value(&mut self, value: Value) {
        (self.energy, self.weighted) = (value.energy, value.weighted);
    }
}

packed_struct! {
    /// An offer (46 bytes).
    pub struct OfferRecord {
        /// See [`offer_state`].
        pub state: u8,
        /// Whether it buys.
        pub buys: bool,
        /// Its feeder.
        pub feeder: u32,
        /// First interval.
        pub first: u32,
        /// Intervals from the first on, as bits.
        pub bitmap: u128,
        /// Energy when posted (Wh).
        pub energy: u32,
        /// Energy in finalized trades (Wh).
        pub traded: u32,
        /// Reservation price (µ/kWh).
        pub price: u64,
        /// Interval with which it ends.
        pub end: u32,
    }
}

impl OfferRecord {
    /// Whether it may still trade.
    pub fn is_open(&self) -> bool {
        self.state != offer_state::ENDED
    }

    /// What is left of it (Wh).
    pub fn left(&self) -> u32 {
        self.energy.saturating_sub(self.traded)
    }

    /// Its side.
    pub fn side(&self) -> Side {
        match self.buys {
            true => Side::Buy,
            false => Side::Sell,
        }
    }

    /// Its intervals.
    ///
    /// # Errors
    /// When the record is broken, which only a defect can cause.
    pub fn intervals(&self) -> StdResult<IntervalSet> {
        let set = IntervalSet::new(Interval(self.first), self.bitmap);
        set.ok_or_else(|| StdError::msg("stored offer has no intervals"))
    }

    /// As the rules take it.
    ///
    /// # Errors
    /// When the record is broken, which only a defect can cause.
    pub fn offer(&self) -> StdResult<Offer> {
        Ok(Offer {
            side: self.side(),
            feeder: self.feeder,
            intervals: self.intervals()?,
            price: self.price,
            left: self.left().into(),
        })
    }
}

packed_struct! {
    /// What a feeder's offers trade in one interval (Wh).
    pub struct FlowRecord {
        /// The feeder.
        pub feeder: u32,
        /// Sold.
        pub sold: u64,
        /// Bought.
        pub bought: u64,
    }
}

impl FlowRecord {
    /// Of a flow in an interval.
    pub fn new(feeder: u32, flow: &Flow) -> Self {
        // At most 6,000 trades of 32 bits.
        let narrow = |energy| u64::try_from(energy).unwrap_or(u64::MAX);
        Self {
            feeder,
            sold: narrow(flow.sold),
            bought: narrow(flow.bought),
        }
    }

    /// As the rules take it.
    pub fn flow(&self) -> Flow {
        Flow {
            sold: self.sold.into(),
            bought: self.bought.into(),
        }
    }
}

packed_struct! {
    /// Totals of a solution in one interval.
    pub struct PartRecord {
        /// Number of trades.
        pub trades: u32,
        /// Energy (Wh).
        pub energy: u128,
        /// See [`Value::weighted`].
        pub weighted: u128,
        /// Whether lowered limits have made it void.
        pub void: bool,
        /// By feeder.
        pub flows: Vec<FlowRecord>,
    }
}

impl PartRecord {
    /// Of a part that was verified.
    pub fn new(part: &Part) -> Self {
        let flows = part.flows.iter();
        Self {
            trades: part.trades,
            energy: part.value.energy,
            weighted: part.value.weighted,
            void: false,
            flows: flows
                .map(|(feeder, flow)| FlowRecord::new(*feeder, flow))
                .collect(),
        }
    }

    /// What it is worth.
    pub fn value(&self) -> Value {
        Value {
            energy: self.energy,
            weighted: self.weighted,
        }
    }
}

packed_struct! {
    /// A finalized interval.
    pub struct Final {
        /// The solution that its trades are from.
        pub solution: u64,
        /// Its share of the objective when it was finalized; 0 when void.
        pub objective: i128,
    }
}

packed_struct! {
    /// Limits of a feeder (Wh per interval).
    pub struct LimitsRecord {
        /// Net export, T(5).
        pub export: u64,
        /// Net import, T(6).
        pub import: u64,
        /// Gross consumption, T(7).
        pub consumption: u64,
        /// Gross production, T(8).
        pub production: u64,
    }
}

impl From<FeederLimits> for LimitsRecord {
    fn from(limits: FeederLimits) -> Self {
        Self {
            export: limits.export,
            import: limits.import,
            consumption: limits.consumption,
            production: limits.production,
        }
    }
}

impl From<LimitsRecord> for FeederLimits {
    fn from(limits: LimitsRecord) -> Self {
        Self {
            export: limits.export,
            import: limits.import,
            consumption: limits.consumption,
            production: limits.production,
        }
    }
}
