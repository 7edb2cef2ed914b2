//! Both forms against each other, against golden books, and the certificate against the optimum.

use std::collections::BTreeMap;
use std::path::Path;

use gridweave_model::market::BookFile;
use gridweave_rules::market::certificate::Lift;
use gridweave_rules::market::{Certificate, FeederLimits, Objective, Offer, Side};
use gridweave_units::{Interval, IntervalSet};
use proptest::prelude::*;

use super::{Book, CompactProblem, PairwiseProblem, Relaxed, pairwise_columns};

const OBJECTIVES: [Objective; 3] = [
    Objective::Energy,
    Objective::ExpiringFirst,
    Objective::Welfare,
];

fn golden(number: u32, objective: Objective) -> (BookFile, Book) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/market");
    let file = BookFile::load(&folder.join(format!("book-{number}.json"))).unwrap();
    let book = Book::recorded(&file, objective).unwrap();
    (file, book)
}

/// The certified bound, in units of the objective.
fn bound(book: &Book, relaxed: &Relaxed) -> f64 {
    let limits = |feeder| book.feeders.get(&feeder).copied();
    let mut lift = Lift::new(&relaxed.certificate, book.objective, book.next, limits).unwrap();
    for offer in book.offers.values() {
        lift.add(offer).unwrap();
    }
    lift.bound() as f64
}

#[test]
fn golden_books_have_the_expected_optimum_and_a_tight_certificate() {
    for number in 10..=17 {
        for objective in [Objective::Energy, Objective::Welfare] {
            let (file, book) = golden(number, objective);
            let expected = file.expected.unwrap();
            let expected = match objective {
                Objective::Welfare => 1_000.0 * expected.max_welfare_micro,
                _ => expected.max_energy_wh,
            };
            let relaxed = CompactProblem::new(&book).solve().unwrap();
            let off = relaxed.objective / expected - 1.0;
            assert!(off.abs() < 1e-6, "book {number}, {objective:?}: {off:e}");
            // The bound is whole.
            let loose = bound(&book, &relaxed) - expected;
            let allowed = -1e-3..1.0 + 1e-6 * expected;
            assert!(allowed.contains(&loose), "book {number}: {loose}");
        }
    }
}

#[test]
fn the_paper_form_has_the_same_optimum() {
    for number in 10..=13 {
        for objective in OBJECTIVES {
            let (_, book) = golden(number, objective);
            compare(&book);
        }
    }
}

fn compare(book: &Book) -> (Relaxed, f64) {
    let relaxed = CompactProblem::new(book).solve().unwrap();
    let pairwise = PairwiseProblem::new(book);
    assert_eq!(pairwise.columns() as u64, pairwise_columns(book));
    let pairs = pairwise.solve().unwrap().objective;
    // Of what a Wh counts where nothing can be traded.
    let weights = book.offers.values().map(|offer| book.weight(offer).abs());
    let tolerance = 1e-6 * pairs.abs().max(weights.fold(1.0, f64::max));
    assert!(
        (relaxed.objective - pairs).abs() < tolerance,
        "{} {pairs}",
        relaxed.objective
    );
    (relaxed, pairs)
}

fn offer() -> impl Strategy<Value = Offer> {
    let side = prop_oneof![Just(Side::Sell), Just(Side::Buy)];
    (side, 0..3u32, 0..4u32, 1..32u128, 1..8u64, 1..3_000u64).prop_map(
        |(side, feeder, first, bitmap, price, left)| Offer {
            side,
            feeder,
            intervals: IntervalSet::new(Interval(first), bitmap).unwrap(),
            // Most pairs can trade.
            price: 10_000 * (price + if side == Side::Buy { 2 } else { 0 }),
            left,
        },
    )
}

/// Changes of duals: where, by how much, by which factor, and whether the interval is left out.
type Noise = Vec<(prop::sample::Index, i64, u64, bool)>;

fn noise() -> impl Strategy<Value = Noise> {
    let change = (
        any::<prop::sample::Index>(),
        -3..3i64,
        0..3u64,
        any::<bool>(),
    );
    proptest::collection::vec(change, 0..12)
}

/// Duals that no solver would send.
fn disorder(certificate: &mut Certificate, noise: Noise) {
    for (at, change, factor, drop) in noise {
        if certificate.intervals.is_empty() {
            return;
        }
        let at = at.index(certificate.intervals.len());
        let duals = &mut certificate.intervals[at];
        duals.base += change * certificate.scale as i64;
        for level in &mut duals.levels {
            level.1 *= factor;
        }
        for feeder in &mut duals.feeders {
            feeder.net = -feeder.net * factor as i64;
            std::mem::swap(&mut feeder.consumption, &mut feeder.production);
        }
        if drop {
            certificate.intervals.remove(at);
        }
    }
}

fn book() -> impl Strategy<Value = Book> {
    let limits = [0..2_000u64, 0..2_000, 0..4_000, 0..4_000].prop_map(|most| FeederLimits {
        export: most[0],
        import: most[1],
        consumption: most[2],
        production: most[3],
    });
    let offers = proptest::collection::vec(offer(), 0..14);
    let feeders = proptest::collection::vec(limits, 3);
    let objective = proptest::sample::select(&OBJECTIVES[..]);
    (offers, feeders, objective, 0..3u32).prop_map(|(offers, feeders, objective, next)| Book {
        objective,
        next: Interval(next),
        // No market has offers beyond its horizon; a certificate would count them as if they traded.
        last: Interval(7),
        offers: (1..).zip(offers).collect(),
        feeders: (0..).zip(feeders).collect::<BTreeMap<_, _>>(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Both forms have one optimum, the compact one's duals certify it, and the same duals in
    /// disorder still bound it.
    #[test]
    fn duals_are_tight_and_any_others_are_valid(book in book(), noise in noise()) {
        let (mut relaxed, optimum) = compare(&book);
        let tight = bound(&book, &relaxed);
        let slack = 1e-6 * optimum.abs().max(1.0) + 1.0;
        prop_assert!(tight >= optimum - slack && tight <= optimum + slack, "{tight} {optimum}");
        disorder(&mut relaxed.certificate, noise);
        let loose = bound(&book, &relaxed);
        prop_assert!(loose >= optimum - slack, "{loose} {optimum}");
    }
}

/// Many offers an interval, so that rows of T(1) are left out.
fn crowded() -> impl Strategy<Value = Book> {
    let limits = FeederLimits {
        export: 20_000,
        import: 20_000,
        consumption: 30_000,
        production: 30_000,
    };
    let offers = proptest::collection::vec(offer(), 90..130);
    let objective = proptest::sample::select(&OBJECTIVES[..]);
    (offers, objective).prop_map(move |(offers, objective)| Book {
        objective,
        next: Interval(0),
        last: Interval(7),
        offers: (1..).zip(offers).collect(),
        feeders: (0..3).map(|feeder| (feeder, limits)).collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// What is left out of the program changes neither its optimum nor the certificate.
    #[test]
    fn rows_that_are_left_out_do_not_bind(book in crowded()) {
        let (relaxed, optimum) = compare(&book);
        let tight = bound(&book, &relaxed);
        let slack = 1e-6 * optimum.abs().max(1.0) + 1.0;
        prop_assert!(tight >= optimum - slack && tight <= optimum + slack, "{tight} {optimum}");
    }
}

/// Cheap buyers would take what the dear seller offers, if the rows of T(1) that look loose stayed out:
/// those who can pay for it are on a feeder that takes nothing.
#[test]
fn a_violated_row_is_added() {
    let offer = |side, feeder, price, left| Offer {
        side,
        feeder,
        intervals: IntervalSet::span(Interval(0), 1).unwrap(),
        price,
        left,
    };
    let mut offers = vec![offer(Side::Sell, 0, 20_000, 1_000)];
    offers.extend((0..4).map(|_| offer(Side::Buy, 1, 30_000, 90_000)));
    offers.extend((0..40).map(|_| offer(Side::Buy, 0, 10_000, 1_000)));
    offers.extend((0..10).map(|_| offer(Side::Sell, 0, 5_000, 1_000)));
    let limits = |consumption| FeederLimits {
        export: 100_000,
        import: 100_000,
        consumption,
        production: 100_000,
    };
    let book = Book {
        objective: Objective::Energy,
        next: Interval(0),
        last: Interval(0),
        offers: (1..).zip(offers).collect(),
        feeders: BTreeMap::from([(0, limits(100_000)), (1, limits(0))]),
    };
    let (relaxed, optimum) = compare(&book);
    assert_eq!(relaxed.solves, 2);
    assert!(
        (optimum - 10_000.0).abs() < 1.0,
        "the cheap sellers' 10 kWh: {optimum}"
    );
    assert!(bound(&book, &relaxed) < 10_002.0);
}

#[cfg(feature = "highs")]
mod highs {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        /// Another solver finds the same optimum of both forms.
        #[test]
        fn highs_agrees(book in book()) {
            let (relaxed, optimum) = compare(&book);
            let slack = 1e-6 * optimum.abs().max(1.0) + 1.0;
            let compact = CompactProblem::new(&book).highs_optimum().unwrap();
            let pairwise = PairwiseProblem::new(&book).highs_optimum().unwrap();
            prop_assert!((compact - relaxed.objective).abs() < slack, "{compact} {relaxed:?}");
            prop_assert!((pairwise - optimum).abs() < slack, "{pairwise} {optimum}");
        }
    }
}
