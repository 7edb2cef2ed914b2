//! The same programs solved by clarabel and by HiGHS.
//! `cargo bench -p gridweave-solver --features highs --bench highs`.

mod common;

use std::time::Instant;

use common::{LONG, SHORT, Size, book};
use gridweave_optim::OptimError;
use gridweave_optim::market::{CompactProblem, PairwiseProblem};

/// Seconds that `solve` takes, and what it finds.
fn timed(solve: impl Fn() -> Result<f64, OptimError>) -> (f64, f64) {
    let start = Instant::now();
    let found = solve().expect("the program is solved");
    (start.elapsed().as_secs_f64(), found)
}

fn compare(size: Size) {
    let book = book(size, 1);
    let compact = CompactProblem::new(&book);
    let pairwise = PairwiseProblem::new(&book);
    let solves: [(&str, &dyn Fn() -> Result<f64, OptimError>); 4] = [
        ("compact, clarabel", &|| Ok(compact.solve()?.objective)),
        ("compact, HiGHS", &|| compact.highs_optimum()),
        ("pairwise, clarabel", &|| Ok(pairwise.solve()?.objective)),
        ("pairwise, HiGHS", &|| pairwise.highs_optimum()),
    ];
    for (name, solve) in solves {
        let (seconds, found) = timed(solve);
        println!(
            "{} x {} x {}, up to {} intervals, {name}: {seconds:.3} s, optimum {found:.3}",
            size.sellers, size.buyers, size.intervals, size.span
        );
    }
}

fn main() {
    for span in [SHORT, LONG] {
        compare(Size {
            sellers: 60,
            buyers: 200,
            intervals: 24,
            span,
        });
    }
}
