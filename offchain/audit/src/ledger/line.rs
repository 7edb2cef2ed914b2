//! One account's line of one interval.

use gridweave_rules::settlement::{Position, Settlement};
use gridweave_types::billing::Origin;

/// A commitment as its source states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// The schedule contract.
    pub source: String,
    /// Its session, if it has sessions.
    pub session: Option<u64>,
    /// Whether the energy has been paid elsewhere.
    pub paid: bool,
    /// Energy (Wh, injection positive).
    pub energy: i64,
    /// Price before the tariff (µ/kWh).
    pub price: i64,
}

/// An energy that counts, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metered {
    /// Energy (Wh).
    pub energy: i64,
    /// Where it came from.
    pub origin: Origin,
    /// When it came (Unix seconds).
    pub received: u64,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Commitments in the order in which they were recorded.
    pub commitments: Vec<Commitment>,
    /// What they add up to.
    pub position: Position,
    /// The energy that counts, once there is one.
    pub metered: Option<Metered>,
    /// Energies that were superseded, oldest first.
    pub superseded: Vec<Metered>,
    /// Whether it is held by a dispute.
    pub disputed: bool,
    /// What it is worth, once settled.
    pub settled: Option<Settlement>,
    /// Times that it was settled again.
    pub adjusted: u32,
}

impl Line {
    /// Metered energy (Wh), or what a silent meter is taken to have seen.
    pub fn energy(&self) -> i64 {
        self.metered
            .map_or(self.position.energy.0, |metered| metered.energy)
    }

    /// Where the energy comes from.
    pub fn origin(&self) -> Origin {
        self.metered.map_or(Origin::None, |metered| metered.origin)
    }

    /// What the account gets (µ); 0 until settled or beyond the range.
    pub fn amount(&self) -> i128 {
        let amount = self.settled.and_then(|settled| settled.amount().ok());
        amount.map_or(0, |amount| amount.0)
    }

    /// Whether it has been settled on an estimate.
    pub(crate) fn is_estimated(&self) -> bool {
        self.settled.is_some() && self.origin() == Origin::Estimate
    }

    /// Gives it another energy; an open dispute ends.
    pub(crate) fn replace(&mut self, metered: Metered) {
        self.superseded.extend(self.metered.replace(metered));
        self.disputed = false;
    }
}
