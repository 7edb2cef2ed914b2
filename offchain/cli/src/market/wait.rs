//! How long offers wait for a trade, by any clock.

use std::collections::{BTreeMap, BTreeSet};

use gridweave_rules::market::OfferId;

/// From when to when an offer waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait<T> {
    /// It was posted.
    pub posted: T,
    /// The first solution that trades it was recorded.
    pub recorded: T,
}

/// Offers and their first trades.
#[derive(Debug)]
pub struct Waits<T> {
    posted: BTreeMap<OfferId, T>,
    over: BTreeSet<OfferId>,
    waits: Vec<Wait<T>>,
}

impl<T> Default for Waits<T> {
    fn default() -> Self {
        Self {
            posted: BTreeMap::new(),
            over: BTreeSet::new(),
            waits: Vec::new(),
        }
    }
}

impl<T: Copy + Ord> Waits<T> {
    /// An offer was posted.
    pub fn begin(&mut self, offer: OfferId, at: T) {
        self.posted.insert(offer, at);
    }

    /// A solution that trades these offers was recorded: those that no earlier one had wait no longer.
    pub fn end(&mut self, offers: impl IntoIterator<Item = OfferId>, at: T) {
        for offer in offers {
            if let Some(&posted) = self.posted.get(&offer)
                && self.over.insert(offer)
            {
                self.waits.push(Wait {
                    posted,
                    recorded: at,
                });
            }
        }
    }

    /// Those of all offers that were traded.
    pub fn into_waits(self) -> Vec<Wait<T>> {
        self.waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_waits_until_a_solution_trades_it() {
        let mut waits = Waits::default();
        for (offer, at) in [(1, 10), (2, 20)] {
            waits.begin(offer, at);
        }
        // Of offer 9 nothing is known.
        waits.end([1, 9], 22);
        waits.end([2, 1], 40);
        let wait = |posted, recorded| Wait { posted, recorded };
        assert_eq!(waits.into_waits(), [wait(10, 22), wait(20, 40)]);
    }
}
