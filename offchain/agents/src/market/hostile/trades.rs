//! Trades that must not be.

use gridweave_optim::market::Book;
use gridweave_rules::market::{FeederLimits, OfferId, Side, Trade};
use gridweave_solver::{check, solve_greedy};
use gridweave_types::market::{ConfigResponse, Pricing};
use gridweave_units::Interval;

use super::Fault;
use crate::AgentError;

/// The trades of a solution with `fault`.
pub(super) fn of(
    fault: Fault,
    book: &Book,
    terms: &ConfigResponse,
) -> Result<Option<Vec<Trade>>, AgentError> {
    let honest = solve_greedy(book)?.trades;
    let Some(first) = honest.first().copied() else {
        return Ok(None);
    };
    let one = |trade: Trade| Some(vec![trade]);
    let offer = |id: OfferId| book.offers.get(&id);
    Ok(match fault {
        Fault::Energy => offer(first.seller).and_then(|seller| {
            let energy = seller.left.saturating_add(1);
            one(Trade { energy, ..first })
        }),
        Fault::Stolen => one(Trade {
            seller: first.buyer,
            buyer: first.seller,
            ..first
        }),
        Fault::Outside => offer(first.seller).and_then(|seller| {
            let Interval(last) = seller.intervals.last();
            let interval = Interval(last.checked_add(1)?);
            book.is_open(interval)
                .then(|| vec![Trade { interval, ..first }])
        }),
        Fault::Unmatchable => unmatchable(book),
        Fault::Feeder => unlimited(book)?,
        Fault::Stale => (book.next.0 > 0).then_some(honest),
        Fault::Oversized => Some(oversized(book, terms, first)),
        Fault::Overpriced => offer(first.buyer)
            .filter(|_| terms.pricing == Pricing::Solver)
            .and_then(|buyer| {
                let price = buyer.price.saturating_add(1);
                one(Trade { price, ..first })
            }),
        Fault::Certificate => Some(honest),
        Fault::Garbage | Fault::Withheld => None,
    })
}

/// One Wh between a seller who asks more and a buyer who pays less.
fn unmatchable(book: &Book) -> Option<Vec<Trade>> {
    let of = |side| {
        book.offers
            .iter()
            .filter(move |(_, offer)| offer.side == side)
    };
    let mut pairs =
        of(Side::Sell).flat_map(|seller| of(Side::Buy).map(move |buyer| (seller, buyer)));
    pairs.find_map(|((&seller, sold), (&buyer, bought))| {
        let both = sold.intervals.intersection(bought.intervals)?;
        let interval = both.iter().find(|&interval| book.is_open(interval))?;
        (sold.price > bought.price).then(|| {
            vec![Trade {
                interval,
                seller,
                buyer,
                energy: 1,
                price: sold.price,
            }]
        })
    })
}

/// Pairs as if feeders had no limits, if that violates one.
fn unlimited(book: &Book) -> Result<Option<Vec<Trade>>, AgentError> {
    let limits = FeederLimits {
        export: u64::MAX,
        import: u64::MAX,
        consumption: u64::MAX,
        production: u64::MAX,
    };
    let free = Book {
        feeders: book
            .feeders
            .keys()
            .map(|&feeder| (feeder, limits))
            .collect(),
        ..book.clone()
    };
    let trades = solve_greedy(&free)?.trades;
    Ok(check(book, &trades).is_err().then_some(trades))
}

/// One Wh between as many pairs of one interval as there are, if an interval may not have so many;
/// else more trades than a message may have.
fn oversized(book: &Book, terms: &ConfigResponse, first: Trade) -> Vec<Trade> {
    let interval = first.interval;
    let of = |side| {
        let offers = book.offers.iter();
        offers.filter(move |(_, offer)| offer.side == side && offer.intervals.contains(interval))
    };
    let most = terms.limits.interval_trades as usize;
    let pairs = of(Side::Sell).flat_map(|seller| of(Side::Buy).map(move |buyer| (seller, buyer)));
    let pairs = pairs.filter(|((_, sold), (_, bought))| sold.price <= bought.price);
    let trades: Vec<_> = pairs
        .map(|((&seller, sold), (&buyer, _))| Trade {
            interval,
            seller,
            buyer,
            energy: 1,
            price: sold.price,
        })
        .take(most.saturating_add(1))
        .collect();
    match trades.len() > most {
        true => trades,
        false => vec![first; terms.limits.message_trades as usize + 1],
    }
}
