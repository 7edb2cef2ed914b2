//! Golden books, and books of chance.

use std::path::Path;

use gridweave_model::market::BookFile;
use gridweave_optim::market::{Book, CompactProblem};
use gridweave_rules::market::certificate::PPM;
use gridweave_rules::market::{FeederLimits, Objective, Offer, Side};
use gridweave_units::{Interval, IntervalSet};
use proptest::prelude::*;

use crate::{Solution, solve_exact, solve_greedy};

fn golden(number: u32, objective: Objective) -> (f64, Book) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/market");
    let file = BookFile::load(&folder.join(format!("book-{number}.json"))).unwrap();
    let book = Book::recorded(&file, objective).unwrap();
    let expected = file.expected.unwrap();
    let expected = match objective {
        Objective::Welfare => 1_000.0 * expected.max_welfare_micro,
        _ => expected.max_energy_wh,
    };
    (expected, book)
}

fn short(solution: &Solution, expected: f64) -> f64 {
    1.0 - solution.objective as f64 / expected
}

#[test]
fn golden_books_are_solved_to_the_watt_hour() {
    for number in 10..=17 {
        let (expected, book) = golden(number, Objective::Energy);
        let solution = solve_exact(&book).unwrap();
        assert_eq!(
            solution.objective,
            expected.round() as i128,
            "book {number}"
        );
        assert_eq!(solution.energy(), solution.objective.unsigned_abs());
        // The bound is whole, one more at worst.
        let bound = solution.bound(&book).unwrap().unwrap();
        assert!(bound - solution.energy() <= 1, "book {number}: {bound}");
    }
}

#[test]
fn golden_books_have_their_welfare_within_a_fifty_thousandth() {
    for number in 10..=17 {
        let (expected, book) = golden(number, Objective::Welfare);
        let solution = solve_exact(&book).unwrap();
        let off = short(&solution, expected);
        assert!((-1e-9..2e-5).contains(&off), "book {number}: {off:e}");
        let certified = solution.certified_ppm(&book).unwrap().unwrap();
        assert!(
            f64::from(PPM - certified) < 1e6 * off + 2.0,
            "book {number}: {certified}"
        );
    }
}

#[test]
fn greedy_is_feasible_and_worse() {
    let (expected, book) = golden(13, Objective::Energy);
    let solution = solve_greedy(&book).unwrap();
    assert!((0.05..0.2).contains(&short(&solution, expected)));
    assert_eq!(solution.bound(&book).unwrap(), None);
}

fn offer() -> impl Strategy<Value = Offer> {
    let side = prop_oneof![Just(Side::Sell), Just(Side::Buy)];
    (side, 0..3u32, 0..4u32, 1..4u32, 1..8u64, 1..3_000u64).prop_map(
        |(side, feeder, first, count, price, left)| Offer {
            side,
            feeder,
            intervals: IntervalSet::span(Interval(first), count).unwrap(),
            price: 10_000 * price,
            left,
        },
    )
}

fn book() -> impl Strategy<Value = Book> {
    let limits = [0..2_000u64, 0..2_000, 0..4_000, 0..4_000].prop_map(|most| FeederLimits {
        export: most[0],
        import: most[1],
        consumption: most[2],
        production: most[3],
    });
    let offers = proptest::collection::vec(offer(), 0..20);
    let feeders = proptest::collection::vec(limits, 3);
    let objective = proptest::sample::select(
        &[
            Objective::Energy,
            Objective::ExpiringFirst,
            Objective::Welfare,
        ][..],
    );
    (offers, feeders, objective, 0..3u32).prop_map(|(offers, feeders, objective, next)| Book {
        objective,
        next: Interval(next),
        last: Interval(5),
        offers: (1..).zip(offers).collect(),
        feeders: (0..).zip(feeders).collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is found passes the contract's check (or there would be an error), is not above the
    /// optimum, and lies within a few Wh of it.
    #[test]
    fn whole_solutions_are_feasible_and_close(book in book()) {
        let solution = solve_exact(&book).unwrap();
        let relaxed = CompactProblem::new(&book).solve().unwrap();
        let dearest = match book.objective {
            Objective::Energy => 1.0,
            Objective::ExpiringFirst => 1e4,
            Objective::Welfare => 7e4,
        };
        let lost = relaxed.objective - solution.objective as f64;
        // Of what a Wh counts where nothing can be traded; a solved program is no nearer to 0.
        let slack = 1e-5 * relaxed.objective.abs().max(dearest);
        prop_assert!(lost > -slack, "{lost}");
        prop_assert!(lost < slack + 8.0 * dearest, "{lost}");
        let bound = solution.bound(&book).unwrap().unwrap();
        prop_assert!(solution.objective <= i128::try_from(bound).unwrap());
        prop_assert!(solve_greedy(&book).unwrap().objective as f64 <= relaxed.objective + slack);
    }
}
