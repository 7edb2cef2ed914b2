//! The compact program against the paper's pairwise form on the same books in the same run, and the
//! compact one at a size at which the other cannot be built. `cargo bench -p gridweave-solver`.

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use gridweave_optim::market::{Book, CompactProblem, PairwiseProblem};
use gridweave_rules::market::certificate::ratio;
use gridweave_solver::{check, solve_exact};

use common::{LONG, SHORT, Size, book};

/// Books of each size, which differ in their seed.
const BOOKS: u64 = 5;
/// Runs of each form on a book, the shortest of which counts: others are disturbed.
const RUNS: usize = 5;

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(run());
    (result, start.elapsed())
}

fn shortest<T>(run: impl Fn() -> T) -> (T, Duration) {
    let first = timed(&run);
    (1..RUNS).fold(first, |best, _| {
        let next = timed(&run);
        if next.1 < best.1 { next } else { best }
    })
}

/// Peak memory of this process (MB), where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .ok()
        .map(|kb| kb / 1_000)
}

/// Both forms on one book.
struct Race {
    columns: [usize; 2],
    times: [f64; 2],
    solves: u32,
    difference: f64,
}

fn race(book: &Book) -> Race {
    let ((compact, few), fast) = shortest(|| {
        let problem = CompactProblem::new(book);
        (
            problem.solve().expect("the compact program is solved"),
            problem.columns(),
        )
    });
    let ((pairs, many), slow) = shortest(|| {
        let problem = PairwiseProblem::new(book);
        (
            problem.solve().expect("the pairwise program is solved"),
            problem.columns(),
        )
    });
    Race {
        columns: [few, many],
        times: [fast, slow].map(|time| time.as_secs_f64()),
        solves: compact.solves,
        difference: (compact.objective / pairs.objective - 1.0).abs(),
    }
}

fn compare(size: Size) {
    let races: Vec<Race> = (1..=BOOKS).map(|seed| race(&book(size, seed))).collect();
    let mean = |of: &dyn Fn(&Race) -> f64| races.iter().map(of).sum::<f64>() / races.len() as f64;
    let [few, many] = [0, 1].map(|form| mean(&|race| race.columns[form] as f64));
    let [fast, slow] = [0, 1].map(|form| mean(&|race| race.times[form]));
    let ratios = races.iter().map(|race| race.times[1] / race.times[0]);
    let differences = races.iter().map(|race| race.difference);
    println!(
        "{} x {} x {}, up to {} intervals, {BOOKS} books: compact {few:.0} columns, {fast:.4} s, \
         {:.1} solves; pairwise {many:.0} columns, {slow:.4} s; {:.1} times faster, {:.1} at least; \
         optima differ by {:.1e} at most",
        size.sellers,
        size.buyers,
        size.intervals,
        size.span,
        mean(&|race| f64::from(race.solves)),
        slow / fast,
        ratios.fold(f64::INFINITY, f64::min),
        differences.fold(0.0, f64::max),
    );
}

fn large(size: Size) {
    let book = book(size, 1);
    let columns = CompactProblem::new(&book).columns();
    let (solution, solving) = timed(|| solve_exact(&book).expect("the program is solved"));
    let (objective, checking) = timed(|| check(&book, &solution.trades).expect("feasible"));
    let bound = solution
        .bound(&book)
        .expect("a bound")
        .expect("a certificate");
    println!(
        "{} x {} x {}: {columns} columns, solved and repaired in {:.1} s, {} trades verified in \
         {:.3} s, {objective} Wh of at most {bound}, ratio {} ppm, gap {:.1e}, peak memory {} MB",
        size.sellers,
        size.buyers,
        size.intervals,
        solving.as_secs_f64(),
        solution.trades.len(),
        checking.as_secs_f64(),
        ratio(objective, bound),
        1.0 - objective as f64 / bound as f64,
        peak_memory().map_or("unknown".into(), |mb| mb.to_string()),
    );
}

fn main() {
    for (sellers, buyers, span) in [
        (15, 50, SHORT),
        (30, 100, SHORT),
        (60, 200, SHORT),
        (60, 200, LONG),
    ] {
        compare(Size {
            sellers,
            buyers,
            intervals: 24,
            span,
        });
    }
    for (sellers, buyers) in [(200, 2_000), (1_000, 10_000)] {
        large(Size {
            sellers,
            buyers,
            intervals: 96,
            span: SHORT,
        });
    }
}
