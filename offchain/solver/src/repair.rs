//! From fractions to whole Wh.

use std::collections::BTreeMap;

use gridweave_optim::market::Share;
use gridweave_rules::market::{Amount, OfferId, Pair, Side};
use gridweave_units::Interval;

use crate::ledger::Ledger;

/// Trades what the linear program says in whole Wh, never more than offers and feeders allow: up from
/// `threshold` (0 to 1) below a whole number on, else down.
pub(crate) fn round(ledger: &mut Ledger<'_>, shares: &[Share], threshold: f64) {
    let book = ledger.book();
    let mut slots: BTreeMap<Interval, [Vec<Amount>; 2]> = BTreeMap::new();
    for share in shares {
        let Some(offer) = book.offers.get(&share.offer) else {
            continue;
        };
        let energy = (share.energy + threshold).floor() as u64;
        if energy > 0 {
            let [sellers, buyers] = slots.entry(share.interval).or_default();
            let side = match offer.side {
                Side::Sell => sellers,
                Side::Buy => buyers,
            };
            side.push(Amount {
                offer: share.offer,
                price: offer.price,
                energy,
            });
        }
    }
    for (interval, [sellers, buyers]) in slots {
        ledger.trade_together(interval, &pairs(sellers, buyers));
    }
}

/// Down the price ladder as far as it goes: rounding leaves a little without a partner, which
/// [`gridweave_rules::market::ladder`] would refuse.
fn pairs(mut sellers: Vec<Amount>, mut buyers: Vec<Amount>) -> Vec<Pair> {
    let by_price = |amount: &Amount| (std::cmp::Reverse(amount.price), amount.offer);
    sellers.sort_by_key(by_price);
    buyers.sort_by_key(by_price);
    let mut pairs = Vec::new();
    let mut open: Option<Amount> = None;
    let mut buyers = buyers.into_iter();
    for mut seller in sellers {
        while seller.energy > 0 {
            let Some(mut buyer) = open.take().or_else(|| buyers.next()) else {
                return pairs;
            };
            if buyer.price < seller.price {
                // The cheaper sellers may still want this buyer.
                open = Some(buyer);
                break;
            }
            let energy = seller.energy.min(buyer.energy);
            pairs.push(pair(seller.offer, buyer.offer, energy));
            seller.energy -= energy;
            buyer.energy -= energy;
            open = Some(buyer).filter(|buyer| buyer.energy > 0);
        }
    }
    pairs
}

fn pair(seller: OfferId, buyer: OfferId, energy: u64) -> Pair {
    Pair {
        seller,
        buyer,
        energy,
    }
}
