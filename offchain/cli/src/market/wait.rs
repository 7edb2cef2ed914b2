//! How long offers wait for a trade, by any clock.

use std::collections::{BTreeMap, BTreeSet};

use gridweave_rules::market::OfferId;

/// From when to when an offer waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait<T> {
    /// It was posted.
    pub posted: T,
    /// It and a counterpart of its first recorded solution were both there, the earliest of them.
    pub possible: T,
    /// That solution was recorded.
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

    /// A solution with these pairs of offers was recorded: those that no earlier one had wait no longer.
    pub fn end(&mut self, pairs: impl IntoIterator<Item = (OfferId, OfferId)>, at: T) {
        let mut first: BTreeMap<OfferId, T> = BTreeMap::new();
        for (one, other) in pairs {
            let (Some(&left), Some(&right)) = (self.posted.get(&one), self.posted.get(&other))
            else {
                continue;
            };
            let possible = left.max(right);
            for offer in [one, other] {
                let known = first.entry(offer).or_insert(possible);
                *known = possible.min(*known);
            }
        }
        for (offer, possible) in first {
            if self.over.insert(offer) {
                self.waits.push(Wait {
                    posted: self.posted[&offer],
                    possible,
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
    fn an_offer_waits_from_when_its_first_trade_was_possible() {
        let mut waits = Waits::default();
        for (offer, at) in [(1, 10), (2, 20), (3, 30)] {
            waits.begin(offer, at);
        }
        // An offer that nobody of ours has posted counts for nobody.
        waits.end([(1, 9)], 22);
        waits.end([(1, 3), (1, 2)], 40);
        waits.end([(1, 3), (1, 2)], 50);
        let wait = |posted, possible| Wait {
            posted,
            possible,
            recorded: 40,
        };
        assert_eq!(
            waits.into_waits(),
            [wait(10, 20), wait(20, 20), wait(30, 30)]
        );
    }
}
