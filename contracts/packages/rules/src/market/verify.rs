//! Feasibility, exactly, one trade at a time.

use std::collections::BTreeMap;

use gridweave_units::Interval;

use super::book::{Book, Entry};
use super::feeder::Flow;
use super::objective::{Objective, Value};
use super::offer::{Offer, OfferId, Side, Trade, TradeKey};
use super::price::{Pricing, midpoint};
use super::violation::Violation;

/// What every solution of a market is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What is maximized.
    pub objective: Objective,
    /// Who sets prices.
    pub pricing: Pricing,
    /// The first interval that is not finalized.
    pub next: Interval,
    /// The last interval that a market looks ahead to.
    pub last: Interval,
    /// Most trades in one interval.
    pub interval_trades: u32,
}

/// How far a verifier has come; with it, verification goes on in a later message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last trade, whose interval is the one that is not closed yet.
    pub last: Option<TradeKey>,
    /// Trades of that interval.
    pub trades: u32,
    /// What they are worth.
    pub value: Value,
    /// What the feeders trade in that interval.
    pub flows: BTreeMap<u32, Flow>,
}

/// All trades of a solution in one interval, found feasible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The interval.
    pub interval: Interval,
    /// Number of trades, above 0.
    pub trades: u32,
    /// What they are worth.
    pub value: Value,
    /// What the feeders trade, by feeder.
    pub flows: Vec<(u32, Flow)>,
}

/// What one trade brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The trade at the price it will be paid at.
    pub trade: Trade,
    /// The previous interval, when this trade begins another.
    pub closed: Option<Part>,
}

/// Why a trade or a solution was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection<E> {
    /// It is not feasible.
    Violation(Violation),
    /// The book could not be read.
    Book(E),
}

impl<E> From<Violation> for Rejection<E> {
    fn from(violation: Violation) -> Self {
        Self::Violation(violation)
    }
}

/// Checks T(1) to T(9), T(12) and T(13), counting what is finalized, and adds up the objective.
#[derive(Clone, Debug)]
pub struct Verifier {
    terms: Terms,
    progress: Progress,
}

impl Verifier {
    /// A verifier that goes on from `progress`; from its default for a new solution.
    pub fn new(terms: Terms, progress: Progress) -> Self {
        Self { terms, progress }
    }

    /// How far it has come.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Gives back how far it has come, to go on later.
    pub fn into_progress(self) -> Progress {
        self.progress
    }

    /// Takes the next trade. With [`Pricing::Midpoint`] its price is replaced by the rule's.
    ///
    /// # Errors
    /// [`Rejection`]; the verifier and the book's notes are of no use then.
    pub fn add<B: Book>(
        &mut self,
        book: &mut B,
        trade: Trade,
    ) -> Result<Step, Rejection<B::Error>> {
        self.check_place(&trade)?;
        let fresh = self
            .progress
            .last
            .is_none_or(|last| last.0 != trade.interval);
        let closed = match fresh {
            true => self.close(book)?,
            false => None,
        };
        let seller = find(book, trade.seller, Side::Sell, &trade)?;
        let buyer = find(book, trade.buyer, Side::Buy, &trade)?;
        let price = self.price(&trade, &seller, &buyer)?;
        draw(book, trade.seller, &seller, &trade)?;
        draw(book, trade.buyer, &buyer, &trade)?;
        self.count(&trade, &seller, &buyer)?;
        let trade = Trade { price, ..trade };
        Ok(Step { trade, closed })
    }

    /// Closes the last interval, if there is one, by checking its feeders; the verifier is then as
    /// new, but for the order of trades.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn close<B: Book>(&mut self, book: &mut B) -> Result<Option<Part>, Rejection<B::Error>> {
        let Some((interval, ..)) = self.progress.last else {
            return Ok(None);
        };
        if self.progress.trades == 0 {
            return Ok(None);
        }
        let flows = std::mem::take(&mut self.progress.flows);
        for (&feeder, flow) in &flows {
            let limits = book.limits(feeder).map_err(Rejection::Book)?;
            let limits = limits.ok_or(Violation::UnknownFeeder { feeder, interval })?;
            limits.check(feeder, interval, *flow)?;
        }
        Ok(Some(Part {
            interval,
            trades: std::mem::take(&mut self.progress.trades),
            value: std::mem::take(&mut self.progress.value),
            flows: flows.into_iter().collect(),
        }))
    }

    /// Order, amount, and T(12), T(13).
    fn check_place(&self, trade: &Trade) -> Result<(), Violation> {
        let (key, interval, next) = (trade.key(), trade.interval, self.terms.next);
        if let Some(after) = self.progress.last
            && key <= after
        {
            return Err(Violation::Order { trade: key, after });
        }
        if trade.energy == 0 {
            return Err(Violation::NoEnergy { trade: key });
        }
        if interval < next {
            return Err(Violation::Finalized { interval, next });
        }
        let last = self.terms.last;
        if interval > last {
            return Err(Violation::Beyond { interval, last });
        }
        Ok(())
    }

    /// The price by T(1) and T(9).
    fn price(&self, trade: &Trade, seller: &Offer, buyer: &Offer) -> Result<u64, Violation> {
        let (ask, bid) = (seller.price, buyer.price);
        if ask > bid {
            return Err(Violation::NotMatchable {
                seller: trade.seller,
                buyer: trade.buyer,
                ask,
                bid,
            });
        }
        let price = match self.terms.pricing {
            Pricing::Solver => trade.price,
            Pricing::Midpoint => midpoint(ask, bid),
        };
        if ask <= price && price <= bid {
            return Ok(price);
        }
        Err(Violation::Price {
            seller: trade.seller,
            buyer: trade.buyer,
            interval: trade.interval,
            price,
            ask,
            bid,
        })
    }

    /// Adds the trade to the totals of its interval.
    fn count(&mut self, trade: &Trade, seller: &Offer, buyer: &Offer) -> Result<(), Violation> {
        let overflow = |what| Violation::Overflow { what };
        let (progress, limit) = (&mut self.progress, self.terms.interval_trades);
        if progress.trades >= limit {
            let interval = trade.interval;
            return Err(Violation::TooMany { interval, limit });
        }
        let value = self.terms.objective.value_of(seller, buyer, trade.energy);
        let value = value.and_then(|value| progress.value.checked_add(value));
        progress.value = value.ok_or(overflow("objective"))?;
        let energy = u128::from(trade.energy);
        let sold = &mut progress.flows.entry(seller.feeder).or_default().sold;
        *sold = sold.checked_add(energy).ok_or(overflow("production"))?;
        let bought = &mut progress.flows.entry(buyer.feeder).or_default().bought;
        *bought = bought.checked_add(energy).ok_or(overflow("consumption"))?;
        progress.trades += 1;
        progress.last = Some(trade.key());
        Ok(())
    }
}

/// An open offer of the expected side that trades in the interval, T(2).
fn find<B: Book>(
    book: &mut B,
    offer: OfferId,
    side: Side,
    trade: &Trade,
) -> Result<Offer, Rejection<B::Error>> {
    let interval = trade.interval;
    let violation = match book.offer(offer).map_err(Rejection::Book)? {
        Entry::Unknown => Violation::UnknownOffer { offer },
        Entry::Ended => Violation::OfferEnded { offer },
        Entry::Open(found) if found.side != side => {
            let side = found.side;
            Violation::WrongSide { offer, side }
        }
        Entry::Open(found) if !found.intervals.contains(interval) => {
            Violation::OutsideSet { offer, interval }
        }
        Entry::Open(found) => return Ok(found),
    };
    Err(violation.into())
}

/// Takes the trade's energy from an offer, T(3), T(4).
fn draw<B: Book>(
    book: &mut B,
    id: OfferId,
    offer: &Offer,
    trade: &Trade,
) -> Result<(), Rejection<B::Error>> {
    let used = book.used(id).map_err(Rejection::Book)?;
    match used.checked_add(trade.energy) {
        Some(used) if used <= offer.left => book.set_used(id, used).map_err(Rejection::Book),
        _ => Err(Violation::Energy {
            offer: id,
            side: offer.side,
            interval: trade.interval,
            asked: u128::from(used) + u128::from(trade.energy),
            left: offer.left,
        }
        .into()),
    }
}
