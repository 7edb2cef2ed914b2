//! A simple solver: pairs in an order that depends on a seed, each as large as it may be.

use std::collections::BTreeMap;

use gridweave_rules::market::{Flow, Offer, PlainBook, Side, Trade};
use gridweave_units::Interval;

/// A feasible solution of a book.
pub fn solve(book: &PlainBook, next: Interval, seed: u64) -> Vec<Trade> {
    let mut left: BTreeMap<u32, u64> = book.offers.iter().map(|(id, o)| (*id, o.left)).collect();
    let mut flows: BTreeMap<(Interval, u32), Flow> = BTreeMap::new();
    let mut trades = Vec::new();
    for (s, ask) in shuffled(book, Side::Sell, seed) {
        for (b, bid) in shuffled(book, Side::Buy, seed.rotate_left(17)) {
            if ask.price > bid.price {
                continue;
            }
            let both = ask.intervals.intersection(bid.intervals);
            let Some(interval) = both.and_then(|both| both.next_from(next)) else {
                continue;
            };
            let room = room(book, &flows, interval, (&ask, &bid));
            let energy = left[&s].min(left[&b]).min(room);
            if energy == 0 {
                continue;
            }
            *left.get_mut(&s).unwrap() -= energy;
            *left.get_mut(&b).unwrap() -= energy;
            flows.entry((interval, ask.feeder)).or_default().sold += u128::from(energy);
            flows.entry((interval, bid.feeder)).or_default().bought += u128::from(energy);
            trades.push(Trade {
                interval,
                seller: s,
                buyer: b,
                energy,
                price: ask.price.midpoint(bid.price),
            });
        }
    }
    trades.sort_by_key(Trade::key);
    trades
}

fn shuffled(book: &PlainBook, side: Side, seed: u64) -> Vec<(u32, Offer)> {
    let offers = book.offers.iter().filter(|(_, offer)| offer.side == side);
    let mut offers: Vec<(u32, Offer)> = offers.map(|(id, offer)| (*id, *offer)).collect();
    offers.sort_by_key(|(id, _)| (u64::from(*id) + 1).wrapping_mul(seed | 1).rotate_right(23));
    offers
}

/// Most energy that the feeders of a pair still carry.
fn room(
    book: &PlainBook,
    flows: &BTreeMap<(Interval, u32), Flow>,
    interval: Interval,
    (ask, bid): (&Offer, &Offer),
) -> u64 {
    let flow = |feeder| flows.get(&(interval, feeder)).copied().unwrap_or_default();
    let (from, to) = (flow(ask.feeder), flow(bid.feeder));
    let (source, sink) = (book.limits[&ask.feeder], book.limits[&bid.feeder]);
    let narrow = |room: i128| u64::try_from(room).unwrap_or(0);
    let gross = narrow(i128::from(source.production) - from.sold as i128)
        .min(narrow(i128::from(sink.consumption) - to.bought as i128));
    if ask.feeder == bid.feeder {
        return gross;
    }
    let net = |flow: Flow| flow.sold as i128 - flow.bought as i128;
    let out = narrow(i128::from(source.export) - net(from));
    let into = narrow(i128::from(sink.import) + net(to));
    gross.min(out).min(into)
}
