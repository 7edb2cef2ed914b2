//! The contract's own check, before anything is handed in.

use gridweave_optim::market::Book;
use gridweave_rules::market::{PlainBook, Pricing, Terms, Trade, Violation};

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
    let mut plain = PlainBook {
        offers: book.offers.clone(),
        limits: book.feeders.clone(),
        ..PlainBook::default()
    };
    let value = plain.verify(terms, trades)?.value;
    let total = book.objective.total(value, book.next);
    total.ok_or(Violation::Overflow { what: "objective" })
}
