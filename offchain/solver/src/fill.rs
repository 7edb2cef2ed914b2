//! Pairs that can still trade, as much as they can.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gridweave_optim::market::Book;
use gridweave_rules::market::{Objective, Offer, OfferId, Side};
use gridweave_units::Interval;

use crate::ledger::Ledger;

/// Both sides of one interval.
#[derive(Default)]
struct Slot {
    sellers: Vec<(OfferId, Offer)>,
    buyers: Vec<(OfferId, Offer)>,
}

/// Lets every pair trade what is left, interval by interval: sellers with the fewest buyers (the
/// dearest) first, each with the buyers that have the least time left. Afterwards no pair has both
/// energy and room, unless a later trade made room by cancelling a net flow.
pub(crate) fn fill(ledger: &mut Ledger<'_>) {
    for (interval, slot) in slots(ledger.book()) {
        for (seller, ask) in &slot.sellers {
            for (buyer, bid) in &slot.buyers {
                if ledger.left(*seller) == 0 {
                    break;
                }
                if ask.price <= bid.price {
                    ledger.trade((interval, *seller, *buyer), u64::MAX);
                }
            }
        }
    }
}

fn slots(book: &Book) -> BTreeMap<Interval, Slot> {
    let mut slots: BTreeMap<Interval, Slot> = BTreeMap::new();
    for (&id, offer) in &book.offers {
        for interval in book.open(offer) {
            let slot = slots.entry(interval).or_default();
            match offer.side {
                Side::Sell => slot.sellers.push((id, *offer)),
                Side::Buy => slot.buyers.push((id, *offer)),
            }
        }
    }
    for slot in slots.values_mut() {
        if book.objective == Objective::Welfare {
            slot.sellers.sort_by_key(|(_, offer)| offer.price);
            slot.buyers.sort_by_key(|(_, offer)| Reverse(offer.price));
            continue;
        }
        slot.sellers
            .sort_by_key(|(_, offer)| (Reverse(offer.price), offer.intervals.last()));
        slot.buyers
            .sort_by_key(|(_, offer)| (offer.intervals.last(), offer.price));
    }
    slots
}
