//! The rows and columns of the compact program.

use std::collections::BTreeMap;

use gridweave_rules::market::{Offer, Side};

use super::Book;
use super::cuts::Cuts;
use super::levels::{Ladder, ladders};
use super::rows::{FeederSlot, Limit, energy_rows, heaviest, unit};
use crate::program::{Program, Term};

/// What programs of a book are made from.
pub(super) struct Basis<'a> {
    pub book: &'a Book,
    /// In the book's order.
    pub offers: Vec<&'a Offer>,
    /// One per interval in which some offer is open.
    pub ladders: Vec<Ladder>,
    /// Wh that make one unit of a program.
    pub unit: f64,
    /// Weight that is 1 in a program.
    pub weight: f64,
}

/// The program with those rows of T(1) that are kept.
pub(super) struct Form {
    pub program: Program,
    pub slots: Vec<Slot>,
}

/// One interval of the program.
pub(super) struct Slot {
    /// Its ladder, with the levels that the program tells apart.
    pub ladder: Ladder,
    /// Column of the first place; the others follow.
    pub first: usize,
    /// Equality row of the first level; the others follow.
    pub chain: usize,
    /// Inequality rows of feeder limits.
    pub limits: Vec<(u32, Limit, usize)>,
}

impl<'a> Basis<'a> {
    pub fn new(book: &'a Book) -> Self {
        Self {
            book,
            offers: book.offers.values().collect(),
            ladders: ladders(book),
            unit: unit(book),
            weight: heaviest(book),
        }
    }

    /// The program with the borders that `cuts` keeps.
    pub fn form(&self, cuts: &Cuts) -> Form {
        let mut program = Program::default();
        let mut slots: Vec<Slot> = Vec::with_capacity(self.ladders.len());
        let mut columns: BTreeMap<usize, Vec<Term>> = BTreeMap::new();
        for (at, ladder) in self.ladders.iter().enumerate() {
            let slot = self.slot(&mut program, cuts.apply(at, ladder));
            for (at, place) in slot.ladder.places.iter().enumerate() {
                let of_offer = columns.entry(place.offer).or_default();
                of_offer.push((slot.first + at, 1.0));
            }
            slots.push(slot);
        }
        energy_rows(&mut program, self.book, columns, self.unit);
        Form { program, slots }
    }

    /// Columns, chain and feeder rows of one interval.
    fn slot(&self, program: &mut Program, ladder: Ladder) -> Slot {
        let first = program.variables(ladder.places.len()).start;
        let mut feeders: BTreeMap<u32, FeederSlot> = BTreeMap::new();
        for (at, place) in ladder.places.iter().enumerate() {
            let (column, offer) = (first + at, self.offers[place.offer]);
            program.cost(column, 0.0, -self.book.weight(offer) / self.weight);
            program.at_most(vec![(column, -1.0)], 0.0);
            feeders.entry(offer.feeder).or_default().add(offer, column);
        }
        let chain = self.chain(program, &ladder, first);
        let mut limits = Vec::new();
        for (feeder, slot) in feeders {
            let Some(most) = self.book.feeders.get(&feeder) else {
                continue;
            };
            let rows = slot.limit(program, most, self.unit);
            limits.extend(rows.into_iter().map(|(limit, row)| (feeder, limit, row)));
        }
        Slot {
            ladder,
            first,
            chain,
            limits,
        }
    }

    /// `h_k = h_{k−1} + y(level k) − x(level k) ≥ 0`, with none left at the bottom. The row's dual is
    /// the price potential of its level.
    fn chain(&self, program: &mut Program, ladder: &Ladder, first: usize) -> usize {
        let levels = ladder.floors.len();
        let left = program.variables(levels.saturating_sub(1));
        for column in left.clone() {
            program.at_most(vec![(column, -1.0)], 0.0);
        }
        let mut rows: Vec<Vec<Term>> = vec![Vec::new(); levels];
        for (at, place) in ladder.places.iter().enumerate() {
            let sells = self.offers[place.offer].side == Side::Sell;
            rows[place.level].push((first + at, if sells { 1.0 } else { -1.0 }));
        }
        for (level, column) in left.enumerate() {
            rows[level].push((column, 1.0));
            rows[level + 1].push((column, -1.0));
        }
        let before = program.equalities();
        for row in rows {
            program.equal(row, 0.0);
        }
        before
    }
}
