//! The contract's own check, before anything is handed in.

use std::collections::BTreeMap;
use std::convert::Infallible;

use gridweave_optim::market::Book;
use gridweave_rules::market::{
    self as rules, Entry, FeederLimits, OfferId, Pricing, Progress, Rejection, Terms, Trade, Value,
    Verifier, Violation,
};

/// The book with what a solution takes from it.
struct Notes<'a> {
    book: &'a Book,
    used: BTreeMap<OfferId, u64>,
}

impl rules::Book for Notes<'_> {
    type Error = Infallible;

    fn offer(&mut self, offer: OfferId) -> Result<Entry, Infallible> {
        let found = self.book.offers.get(&offer);
        Ok(found.map_or(Entry::Unknown, |offer| Entry::Open(*offer)))
    }

    fn used(&mut self, offer: OfferId) -> Result<u64, Infallible> {
        Ok(self.used.get(&offer).copied().unwrap_or_default())
    }

    fn set_used(&mut self, offer: OfferId, energy: u64) -> Result<(), Infallible> {
        self.used.insert(offer, energy);
        Ok(())
    }

    fn limits(&mut self, feeder: u32) -> Result<Option<FeederLimits>, Infallible> {
        Ok(self.book.feeders.get(&feeder).copied())
    }
}

/// What `trades` are worth in units of the book's objective, if they are feasible.
///
/// # Errors
/// The constraint that they violate.
pub fn check(book: &Book, trades: &[Trade]) -> Result<i128, Violation> {
    let terms = Terms {
        objective: book.objective,
        pricing: Pricing::Solver,
        next: book.next,
        last: book.last,
        interval_trades: u32::MAX,
    };
    let mut notes = Notes {
        book,
        used: BTreeMap::new(),
    };
    let mut verifier = Verifier::new(terms, Progress::default());
    let mut value = Value::default();
    let mut count = |part: Option<rules::Part>| -> Result<(), Violation> {
        let worth = part.map_or_else(Value::default, |part| part.value);
        value = value.checked_add(worth).ok_or(OVERFLOW)?;
        Ok(())
    };
    for trade in trades {
        count(verifier.add(&mut notes, *trade).map_err(violation)?.closed)?;
    }
    count(verifier.close(&mut notes).map_err(violation)?)?;
    book.objective.total(value, book.next).ok_or(OVERFLOW)
}

const OVERFLOW: Violation = Violation::Overflow { what: "objective" };

fn violation(rejection: Rejection<Infallible>) -> Violation {
    match rejection {
        Rejection::Violation(violation) => violation,
        Rejection::Book(never) => match never {},
    }
}
