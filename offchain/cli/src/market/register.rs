//! Whose addresses and offers are whose: what only the operator knows, and whoever runs a market to
//! judge it.

use std::collections::BTreeMap;

use anyhow::Result;
use gridweave_agents::market::book::posted;
use gridweave_chain::{ChainEvent, ContractAddr};
use gridweave_rules::market::{OfferId, Side};
use gridweave_types::assets;

use super::problem::Planned;

/// The homes' addresses and what has been posted from them.
#[derive(Debug, Default)]
pub struct Register {
    /// Home of each address.
    pub homes: BTreeMap<String, usize>,
    /// Offers of [`super::problem::Problem::full`] by the contract's numbers.
    pub posted: BTreeMap<u32, OfferId>,
    /// By address: what will be posted from it.
    waiting: BTreeMap<String, Vec<Planned>>,
}

impl Register {
    /// Notes that `offer`, in the chain's intervals, will be posted from `address`.
    pub fn expect(&mut self, address: &str, offer: Planned) {
        self.homes.insert(address.into(), offer.home);
        let waiting = self.waiting.entry(address.into()).or_default();
        waiting.push(offer);
    }

    /// Notes what an event of `market` says; the contract's number of one of our offers that it is about.
    ///
    /// # Errors
    /// An event is not as documented.
    pub fn read(&mut self, market: &ContractAddr, event: &ChainEvent) -> Result<Option<u32>> {
        if event.contract.as_ref() != Some(market) || event.action() != Some("offer_posted") {
            return Ok(None);
        }
        let owner = event.attribute("owner").unwrap_or_default();
        let Some(waiting) = self.waiting.get_mut(owner) else {
            return Ok(None);
        };
        let (number, offer) = posted(event)?;
        let side = match offer.side {
            Side::Sell => assets::Side::Sell,
            Side::Buy => assets::Side::Buy,
        };
        let found = waiting.iter().position(|planned| {
            let class = planned.plan.class;
            (class.side, class.feeder, class.intervals) == (side, offer.feeder, offer.intervals)
                && (planned.plan.energy, planned.plan.price) == (offer.left, offer.price)
        });
        Ok(found.map(|at| {
            self.posted.insert(number, waiting.remove(at).id);
            number
        }))
    }
}
