//! What a home will offer, and when.

use std::collections::BTreeMap;
use std::fmt;

use gridweave_agents::market::plan::Plan;
use gridweave_chain::{KeyError, SecretKey};

/// When an address is used: a round, and where every offer has an address of its own which of the
/// round's it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The round.
    pub round: u32,
    /// Place among the round's offers; 0 where they share an address.
    pub part: u32,
}

impl Slot {
    /// The key of a home with this `secret` whose plan's interval 0 is `first` on the chain.
    ///
    /// # Errors
    /// [`KeyError`], which does not happen in practice.
    pub fn key(self, secret: &SecretKey, first: u32) -> Result<SecretKey, KeyError> {
        secret.derive(&format!("home/{first}/{self}"))
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            0 => write!(f, "{}", self.round),
            part => write!(f, "{}.{part}", self.round),
        }
    }
}

/// An offer and the slot in which it is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeOffer {
    /// Posted from an address of this slot, while the interval of its round is the next to be finalized.
    pub slot: Slot,
    /// The offer.
    pub plan: Plan,
}

/// All offers of a home by address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HomePlan(pub(super) BTreeMap<Slot, Vec<Plan>>);

impl HomePlan {
    /// A plan of these offers.
    pub fn new(offers: impl IntoIterator<Item = HomeOffer>) -> Self {
        let mut slots: BTreeMap<Slot, Vec<Plan>> = BTreeMap::new();
        for offer in offers {
            slots.entry(offer.slot).or_default().push(offer.plan);
        }
        Self(slots)
    }

    /// Whether nothing is offered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_a_key_of_its_own() {
        let secret = SecretKey::from_hex(&"07".repeat(32), "test").unwrap();
        let address = |round, part, first| {
            let key = Slot { round, part }.key(&secret, first).unwrap();
            key.address().unwrap()
        };
        let all = [
            address(3, 0, 0),
            address(3, 1, 0),
            address(31, 0, 0),
            address(3, 0, 1),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one), "{at}");
        }
        assert_eq!(address(3, 1, 0), all[1]);
    }
}
