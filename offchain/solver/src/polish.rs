//! Exchanges that use the last Wh, which rounding down leaves behind.
//!
//! An offer with energy left takes another one's place in a trade; the one that had to go looks for
//! another partner. Without one there is no exchange, unless it is worth it by itself.

use gridweave_optim::market::Book;
use gridweave_rules::market::{Objective, Offer, OfferId, Side, TradeKey};
use gridweave_units::Interval;

use crate::ledger::Ledger;

/// Offers looked at, all in all: some tenths of a second.
const EFFORT: usize = 4_000_000;

/// Exchanges until the objective is `target`, nobody gains any more, or the effort is spent.
pub(crate) fn polish(ledger: &mut Ledger<'_>, target: i128) {
    let mut effort = EFFORT;
    while effort > 0 && ledger.objective() < target {
        let gained = [Side::Sell, Side::Buy].map(|side| pass(ledger, side, &mut effort));
        if gained == [false, false] {
            return;
        }
    }
}

/// Offers each one of `side` an exchange; whether something came of it.
fn pass(ledger: &mut Ledger<'_>, side: Side, effort: &mut usize) -> bool {
    let book = ledger.book();
    let spare = |ledger: &Ledger<'_>, wanted: bool| -> Vec<OfferId> {
        let offers = book.offers.iter();
        let offers =
            offers.filter(|(id, offer)| (offer.side == side) == wanted && ledger.left(**id) > 0);
        offers.map(|(&id, _)| id).collect()
    };
    let partners = spare(ledger, false);
    if partners.is_empty() && book.objective != Objective::Welfare {
        return false;
    }
    let mut changed = false;
    for id in spare(ledger, true) {
        for key in ledger.keys() {
            if ledger.left(id) == 0 || *effort == 0 {
                break;
            }
            *effort = effort.saturating_sub(1);
            changed |= exchange(ledger, id, key, &partners, effort);
        }
    }
    changed
}

/// Lets `newcomer` into the trade `key`; who has to go looks among `partners`.
fn exchange(
    ledger: &mut Ledger<'_>,
    newcomer: OfferId,
    key: TradeKey,
    partners: &[OfferId],
    effort: &mut usize,
) -> bool {
    let book = ledger.book();
    let (interval, seller, buyer) = key;
    let Some(offer) = book.offers.get(&newcomer) else {
        return false;
    };
    let side = offer.side;
    let (place, partner) = match side {
        Side::Sell => (seller, buyer),
        Side::Buy => (buyer, seller),
    };
    let (Some(holder), Some(other)) = (book.offers.get(&place), book.offers.get(&partner)) else {
        return false;
    };
    let fits = place != newcomer && offer.intervals.contains(interval) && matchable(offer, other);
    if !fits {
        return false;
    }
    let exchange = Exchange {
        newcomer: (newcomer, offer),
        holder: (place, holder),
        from: key,
        to: with(side, interval, newcomer, partner),
        partners,
        pays: book.objective == Objective::Welfare && cheaper(offer, holder),
    };
    let most = ledger.left(newcomer).min(ledger.traded(key));
    if !exchange.pays {
        *effort = effort.saturating_sub(partners.len());
    }
    let fitting = exchange.attempt(ledger, most);
    fitting == most || (fitting > 0 && exchange.attempt(ledger, fitting) == fitting)
}

/// One offer gives up a trade to another.
struct Exchange<'a> {
    newcomer: (OfferId, &'a Offer),
    holder: (OfferId, &'a Offer),
    from: TradeKey,
    to: TradeKey,
    /// Who has some left on the other side.
    partners: &'a [OfferId],
    /// Whether the objective gains even if the one that goes finds nobody.
    pays: bool,
}

impl Exchange<'_> {
    /// Exchanges `energy` (Wh) as a whole, or leaves everything as it was; returns how much would
    /// fit, `energy` if it was done.
    fn attempt(&self, ledger: &mut Ledger<'_>, energy: u64) -> u64 {
        let mark = ledger.mark();
        ledger.take_back(self.from, energy);
        let taken = ledger.trade(self.to, energy);
        let found = match self.pays {
            true => taken,
            false => self.elsewhere(ledger, taken),
        };
        let (interval, seller, buyer) = self.from;
        if found < energy {
            ledger.undo(mark);
            return found;
        }
        if !ledger.carries(interval, &[seller, buyer, self.newcomer.0]) {
            ledger.undo(mark);
            return 0;
        }
        energy
    }

    /// Lets the one that goes trade up to `energy` (Wh) with whoever has some left; returns how much.
    fn elsewhere(&self, ledger: &mut Ledger<'_>, energy: u64) -> u64 {
        let book = ledger.book();
        let (id, holder) = self.holder;
        let mut found = 0;
        for &partner in self.partners {
            let Some(other) = book.offers.get(&partner) else {
                continue;
            };
            if ledger.left(partner) == 0 || !self.welcome(book, other) {
                continue;
            }
            let Some(both) = holder.intervals.intersection(other.intervals) else {
                continue;
            };
            for interval in both.iter().filter(|interval| book.is_open(*interval)) {
                found += ledger.trade(with(holder.side, interval, id, partner), energy - found);
                if found == energy {
                    return found;
                }
            }
        }
        found
    }

    /// Whether `other` may take the one that goes. All in all the newcomer then trades with `other`,
    /// and welfare must not lose by that.
    fn welcome(&self, book: &Book, other: &Offer) -> bool {
        let loses = book.objective == Objective::Welfare && !matchable(self.newcomer.1, other);
        matchable(self.holder.1, other) && !loses
    }
}

/// A trade of an offer of `side` with a partner.
fn with(side: Side, interval: Interval, offer: OfferId, partner: OfferId) -> TradeKey {
    match side {
        Side::Sell => (interval, offer, partner),
        Side::Buy => (interval, partner, offer),
    }
}

/// T(1), whichever of the two sells.
fn matchable(one: &Offer, other: &Offer) -> bool {
    match one.side {
        Side::Sell => one.price <= other.price,
        Side::Buy => other.price <= one.price,
    }
}

/// Whether welfare prefers `one` to `other`, both of one side.
fn cheaper(one: &Offer, other: &Offer) -> bool {
    match one.side {
        Side::Sell => one.price < other.price,
        Side::Buy => one.price > other.price,
    }
}
