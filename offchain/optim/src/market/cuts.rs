//! Which rows of T(1) a program has.
//!
//! Rows of T(1) couple all offers of an interval and make the solver's factors several times
//! denser, yet few of them bind. A program therefore begins with those that an estimate calls tight and
//! gets the others when its optimum violates one; then it is the optimum of the whole program.

use gridweave_rules::market::{Offer, Side};

use super::Book;
use super::levels::Ladder;

/// A border is kept when the sellers above it have more than this part of what the buyers above it
/// have without the [`MARGIN`], both as shares of their side.
const TIGHT: f64 = 0.9;

/// So many times the largest buyer above a border may be missing there: it may have traded elsewhere.
const MARGIN: f64 = 2.0;

/// With fewer offers than this an interval keeps all borders: there they cost little, and estimates
/// are poor.
const FEW: usize = 24;

/// When more of the borders than this are kept, all are: few could be saved.
const MOST_KEPT: f64 = 0.8;

/// A violation (of the energy of a large offer) that is not the solver's inaccuracy.
const VIOLATION: f64 = 1e-8;

/// Borders between the levels of each ladder, and whether they are kept: the one below a level is a
/// row of T(1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cuts {
    kept: Vec<Vec<bool>>,
}

impl Cuts {
    /// What an even spread of each offer's energy over its open intervals makes look tight.
    pub fn likely(book: &Book, offers: &[&Offer], ladders: &[Ladder]) -> Self {
        let spread = |offer: &&Offer| offer.left as f64 / book.open(offer).count().max(1) as f64;
        let spread: Vec<f64> = offers.iter().map(spread).collect();
        let of_ladder = |ladder: &Ladder| {
            let [sold, bought] = above_borders(ladder, offers, |_, offer| spread[offer]);
            let total = |sums: &[f64]| sums.last().copied().unwrap_or_default();
            let (all_sold, all_bought) = (total(&sold), total(&bought));
            let largest = largest_buyers(ladder, offers, &spread);
            let few = ladder.places.len() < FEW;
            let tight = |border: usize| {
                let sure = bought[border] - MARGIN * largest[border];
                few || sold[border] * all_bought > TIGHT * sure * all_sold
            };
            (0..borders(ladder)).map(tight).collect()
        };
        let mut cuts = Self {
            kept: ladders.iter().map(of_ladder).collect(),
        };
        let all: usize = cuts.kept.iter().map(Vec::len).sum();
        if cuts.count() as f64 > MOST_KEPT * all as f64 {
            cuts.keep_all();
        }
        cuts
    }

    /// Rows of T(1) in the program.
    pub fn count(&self) -> usize {
        let borders = self.kept.iter().flatten();
        borders.filter(|kept| **kept).count()
    }

    /// Whether nothing is left out.
    pub fn is_complete(&self) -> bool {
        self.kept.iter().flatten().all(|kept| *kept)
    }

    /// Keeps every border.
    pub fn keep_all(&mut self) {
        self.kept.iter_mut().flatten().for_each(|kept| *kept = true);
    }

    /// The ladder at position `slot` with the borders that are kept.
    pub fn apply(&self, slot: usize, ladder: &Ladder) -> Ladder {
        match self.kept.get(slot) {
            Some(kept) => ladder.merged(kept),
            None => ladder.clone(),
        }
    }
}

/// Whether `energy` (of a slot's place, in units of a large offer) violates T(1) at some border.
pub(super) fn violated(
    offers: &[&Offer],
    ladders: &[Ladder],
    energy: impl Fn(usize, usize) -> f64,
) -> bool {
    ladders.iter().enumerate().any(|(slot, ladder)| {
        let [sold, bought] = above_borders(ladder, offers, |place, _| energy(slot, place));
        let mut borders = sold.iter().zip(&bought).take(borders(ladder));
        borders.any(|(sold, bought)| sold - bought > VIOLATION)
    })
}

/// The most that a buyer of each level and those above it has; `energy` by offer.
fn largest_buyers(ladder: &Ladder, offers: &[&Offer], energy: &[f64]) -> Vec<f64> {
    let mut largest = vec![0.0; ladder.floors.len()];
    for place in &ladder.places {
        if offers[place.offer].side == Side::Buy {
            largest[place.level] = f64::max(largest[place.level], energy[place.offer]);
        }
    }
    let mut most = 0.0;
    for level in &mut largest {
        most = f64::max(most, *level);
        *level = most;
    }
    largest
}

fn borders(ladder: &Ladder) -> usize {
    ladder.floors.len().saturating_sub(1)
}

/// What sellers and buyers have in each level and those above it; `energy` by place and offer.
fn above_borders(
    ladder: &Ladder,
    offers: &[&Offer],
    energy: impl Fn(usize, usize) -> f64,
) -> [Vec<f64>; 2] {
    let mut sums = [Side::Sell, Side::Buy].map(|_| vec![0.0; ladder.floors.len()]);
    for (at, place) in ladder.places.iter().enumerate() {
        let side = match offers[place.offer].side {
            Side::Sell => 0,
            Side::Buy => 1,
        };
        sums[side][place.level] += energy(at, place.offer);
    }
    for side in &mut sums {
        let mut sum = 0.0;
        for level in side {
            sum += *level;
            *level = sum;
        }
    }
    sums
}
