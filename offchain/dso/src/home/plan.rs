//! What a home will offer, and when.

use std::collections::BTreeMap;

use gridweave_agents::market::trader::Plan;

/// An offer and the round in which it is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeOffer {
    /// Posted while this interval is the next to be finalized.
    pub round: u32,
    /// The offer.
    pub plan: Plan,
}

/// All offers of a home by round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HomePlan(pub(super) BTreeMap<u32, Vec<Plan>>);

impl HomePlan {
    /// A plan of these offers.
    pub fn new(offers: impl IntoIterator<Item = HomeOffer>) -> Self {
        let mut rounds: BTreeMap<u32, Vec<Plan>> = BTreeMap::new();
        for offer in offers {
            rounds.entry(offer.round).or_default().push(offer.plan);
        }
        Self(rounds)
    }
}
