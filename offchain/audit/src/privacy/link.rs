//! Links between addresses of successive periods.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::SliceRandom;

use super::sighting::Sighting;

/// Pairs of positions: an address and the one that is taken for its person's next.
pub(super) type Links = Vec<(usize, usize)>;

/// Links addresses of one class and successive periods, nearest clues first; ties, and addresses
/// without a clue, at random.
pub(super) fn by_clue(seen: &[Sighting], clues: &[Option<f64>], rng: &mut impl Rng) -> Links {
    let mut links = Links::new();
    for periods in classes(seen).values() {
        let mut periods = periods.values();
        let Some(mut before) = periods.next() else {
            continue;
        };
        for after in periods {
            nearest(before, after, clues, rng, &mut links);
            before = after;
        }
    }
    links
}

/// The same without any clue.
pub(super) fn at_random(seen: &[Sighting], rng: &mut impl Rng) -> Links {
    by_clue(seen, &vec![None; seen.len()], rng)
}

type Class<'a> = (u32, &'a str);

/// Positions by class and period.
fn classes(seen: &[Sighting]) -> BTreeMap<Class<'_>, BTreeMap<u32, Vec<usize>>> {
    let mut classes: BTreeMap<_, BTreeMap<u32, Vec<usize>>> = BTreeMap::new();
    for (at, one) in seen.iter().enumerate() {
        let periods: &mut BTreeMap<_, Vec<_>> = classes.entry(one.class()).or_default();
        periods.entry(one.period).or_default().push(at);
    }
    classes
}

fn nearest(
    before: &[usize],
    after: &[usize],
    clues: &[Option<f64>],
    rng: &mut impl Rng,
    links: &mut Links,
) {
    let clue = |at: usize| clues.get(at).copied().flatten();
    let distance = |from, to| match (clue(from), clue(to)) {
        (Some(from), Some(to)) => (from - to).abs(),
        _ => f64::INFINITY,
    };
    let pairs = before
        .iter()
        .flat_map(|&from| after.iter().map(move |&to| (from, to)));
    let mut pairs: Vec<(f64, usize, usize)> = pairs
        .map(|(from, to)| (distance(from, to), from, to))
        .collect();
    // Where something stands in the log must not decide ties.
    pairs.shuffle(rng);
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut left, mut right) = (before.to_vec(), after.to_vec());
    for (_, from, to) in pairs {
        let places = (
            left.iter().position(|at| *at == from),
            right.iter().position(|at| *at == to),
        );
        if let (Some(one), Some(other)) = places {
            left.swap_remove(one);
            right.swap_remove(other);
            links.push((from, to));
        }
    }
}
