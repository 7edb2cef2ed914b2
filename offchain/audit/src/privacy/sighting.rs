//! An anonymous address as the chain shows it.

use std::collections::BTreeMap;

use serde::Serialize;

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Time of the block (Unix seconds).
    pub time: u64,
    /// Position among all events.
    pub order: usize,
}

/// An address with what it was given and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The address.
    pub address: String,
    /// Its feeder.
    pub feeder: u32,
    /// Its side, `sell` or `buy`.
    pub side: String,
    /// First interval in which it may offer: which of a person's addresses it is.
    pub period: u32,
    /// Energy of its permits (Wh).
    pub energy: u64,
    /// Number of permits.
    pub permits: u32,
    /// Intervals in all of its permits together.
    pub intervals: u32,
    /// When the first permit was issued.
    pub issued: Moment,
    /// When it posted its first offer.
    pub posted: Option<Moment>,
    /// Account of `billing` whose credited energy its claims equal, where exactly one does.
    pub account: Option<String>,
    /// Who pays its gas, where the chain says so.
    pub payer: Option<String>,
}

impl Sighting {
    /// What cannot be hidden: addresses that differ in it are not one person's.
    pub(super) fn class(&self) -> (u32, &str) {
        (self.feeder, &self.side)
    }
}

/// Sizes of the crowds that addresses hide in: those of one feeder, side and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Crowd {
    /// Crowds.
    pub crowds: usize,
    /// Addresses in the smallest.
    pub smallest: usize,
    /// Median.
    pub median: usize,
    /// Addresses that are alone.
    pub alone: usize,
}

impl Crowd {
    /// The crowds of `seen`.
    pub fn of(seen: &[Sighting]) -> Self {
        let mut sizes: BTreeMap<_, usize> = BTreeMap::new();
        for one in seen {
            *sizes.entry((one.period, one.class())).or_default() += 1;
        }
        let mut sizes: Vec<usize> = sizes.into_values().collect();
        sizes.sort_unstable();
        let at = |index: usize| sizes.get(index).copied().unwrap_or_default();
        Self {
            crowds: sizes.len(),
            smallest: at(0),
            median: at(sizes.len() / 2),
            alone: sizes.iter().filter(|size| **size == 1).count(),
        }
    }
}
