//! The price ladder of one interval.

use std::cmp::Reverse;

use gridweave_rules::market::{Offer, Side};
use gridweave_units::Interval;

use super::Book;

/// An offer in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Position of the offer in the book's order.
    pub offer: usize,
    /// Its level, counted from the dearest.
    pub level: usize,
}

/// The offers that find a partner in one interval, down the price ladder.
///
/// A level is a run of buyers followed by a run of sellers, prices falling: the sellers of a level
/// can sell to its buyers and to those of the levels above. More levels would be redundant rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ladder {
    /// The interval.
    pub interval: Interval,
    /// Offers, level by level.
    pub places: Vec<Place>,
    /// Lowest price of each level (µ/kWh), falling.
    pub floors: Vec<u64>,
    /// Highest bid (µ/kWh) of all offers; dearer sellers find nobody.
    pub highest_bid: Option<u64>,
    /// Lowest ask (µ/kWh) of all offers; cheaper buyers find nobody.
    pub lowest_ask: Option<u64>,
}

impl Ladder {
    /// The ladder with those borders between levels that are `kept`, from the dearest on.
    pub fn merged(&self, kept: &[bool]) -> Self {
        // Level by level, into which one it goes.
        let mut into = Vec::with_capacity(self.floors.len());
        let mut floors: Vec<u64> = Vec::new();
        for (level, &floor) in self.floors.iter().enumerate() {
            let border = level.checked_sub(1);
            let begins = border.is_none_or(|border| kept.get(border).copied().unwrap_or(true));
            match floors.last_mut() {
                Some(last) if !begins => *last = floor,
                _ => floors.push(floor),
            }
            into.push(floors.len() - 1);
        }
        let mut merged = self.clone();
        merged.floors = floors;
        for place in &mut merged.places {
            place.level = into[place.level];
        }
        merged
    }
}

/// One ladder per interval in which some offer is open.
pub(super) fn ladders(book: &Book) -> Vec<Ladder> {
    let mut open: std::collections::BTreeMap<Interval, Vec<(usize, &Offer)>> = Default::default();
    for (at, offer) in book.offers.values().enumerate() {
        if offer.left == 0 || !book.feeders.contains_key(&offer.feeder) {
            continue;
        }
        for interval in book.open(offer) {
            open.entry(interval).or_default().push((at, offer));
        }
    }
    open.into_iter()
        .map(|(interval, offers)| ladder(interval, offers))
        .collect()
}

fn ladder(interval: Interval, mut offers: Vec<(usize, &Offer)>) -> Ladder {
    let prices = |side: Side| {
        let of_side = offers.iter().filter(move |(_, offer)| offer.side == side);
        of_side.map(|(_, offer)| offer.price)
    };
    let highest_bid = prices(Side::Buy).max();
    let lowest_ask = prices(Side::Sell).min();
    offers.retain(|(_, offer)| match offer.side {
        Side::Sell => highest_bid.is_some_and(|bid| offer.price <= bid),
        Side::Buy => lowest_ask.is_some_and(|ask| ask <= offer.price),
    });
    offers.sort_by_key(|(at, offer)| (Reverse(offer.price), offer.side == Side::Sell, *at));
    let mut ladder = Ladder {
        interval,
        places: Vec::with_capacity(offers.len()),
        floors: Vec::new(),
        highest_bid,
        lowest_ask,
    };
    let mut before = Side::Sell;
    for (at, offer) in offers {
        if offer.side == Side::Buy && before == Side::Sell {
            ladder.floors.push(offer.price);
        }
        before = offer.side;
        // The dearest is a buyer, so there is a level.
        if let Some(floor) = ladder.floors.last_mut() {
            *floor = offer.price;
        }
        ladder.places.push(Place {
            offer: at,
            level: ladder.floors.len().saturating_sub(1),
        });
    }
    ladder
}
