//! Exchanges that use the last Wh, which rounding down leaves behind.
//!
//! An offer with energy left takes another one's place in a trade; the one that had to go looks for
//! another partner. Without one there is no exchange, unless it is worth it by itself.

use gridweave_optim::market::Book;
use gridweave_rules::market::{Objective, Offer, OfferId, Side, TradeKey};
use gridweave_units::Interval;

use crate::ledger::Ledger;

/// Trades times offers with energy left up to which polishing takes fractions of a second.
const LARGEST: usize = 20_000_000;
/// Passes over everybody; most books need two.
const PASSES: u32 = 8;

/// Exchanges until nobody gains, or for [`PASSES`] passes; large books are left as they are.
pub(crate) fn polish(ledger: &mut Ledger<'_>) {
    for _ in 0..PASSES {
        let work = ledger.count() * ledger.book().offers.len();
        if work > LARGEST || !(pass(ledger, Side::Sell) | pass(ledger, Side::Buy)) {
            return;
        }
    }
}

/// Offers each one of `side` an exchange; whether something came of it.
fn pass(ledger: &mut Ledger<'_>, side: Side) -> bool {
    let book = ledger.book();
    let mut changed = false;
    for (&id, offer) in &book.offers {
        if offer.side != side || ledger.left(id) == 0 {
            continue;
        }
        for key in ledger.keys() {
            if ledger.left(id) == 0 {
                break;
            }
            changed |= exchange(ledger, (id, offer), key);
        }
    }
    changed
}

/// Lets `newcomer` into the trade `key`.
fn exchange(ledger: &mut Ledger<'_>, newcomer: (OfferId, &Offer), key: TradeKey) -> bool {
    let book = ledger.book();
    let (interval, seller, buyer) = key;
    let side = newcomer.1.side;
    let (place, partner) = match side {
        Side::Sell => (seller, buyer),
        Side::Buy => (buyer, seller),
    };
    let (Some(holder), Some(other)) = (book.offers.get(&place), book.offers.get(&partner)) else {
        return false;
    };
    let fits = place != newcomer.0
        && newcomer.1.intervals.contains(interval)
        && matchable(newcomer.1, other);
    if !fits {
        return false;
    }
    let exchange = Exchange {
        newcomer,
        holder: (place, holder),
        from: key,
        to: with(side, interval, newcomer.0, partner),
        pays: book.objective == Objective::Welfare && cheaper(newcomer.1, holder),
    };
    let most = ledger.left(newcomer.0).min(ledger.traded(key));
    let fitting = exchange.attempt(ledger, most);
    fitting == most || (fitting > 0 && exchange.attempt(ledger, fitting) == fitting)
}

/// One offer gives up a trade to another.
struct Exchange<'a> {
    newcomer: (OfferId, &'a Offer),
    holder: (OfferId, &'a Offer),
    from: TradeKey,
    to: TradeKey,
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
        for (&partner, other) in &book.offers {
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
        other.side != self.holder.1.side && matchable(self.holder.1, other) && !loses
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
