//! What a solver would find.

use gridweave_optim::market::{Book, CompactProblem, Relaxed};
use gridweave_testkit::market::Market;

/// The optimum of the market's open book, with its certificate.
pub fn optimum(market: &Market) -> Relaxed {
    let (terms, book) = (market.terms(), market.book());
    let book = Book {
        objective: terms.objective,
        next: terms.next,
        last: terms.last,
        offers: book.offers,
        feeders: book.limits,
    };
    CompactProblem::new(&book).solve().expect("it is solved")
}
