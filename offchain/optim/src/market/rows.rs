//! Rows that both forms share.

use std::collections::BTreeMap;

use gridweave_rules::market::{FeederLimits, Offer, Side};

use super::Book;
use crate::program::{Program, Term};

/// A limit of a feeder in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// T(5).
    Export,
    /// T(6).
    Import,
    /// T(7).
    Consumption,
    /// T(8).
    Production,
}

const LIMITS: [Limit; 4] = [
    Limit::Export,
    Limit::Import,
    Limit::Consumption,
    Limit::Production,
];

/// What one feeder could trade in one interval: columns and their offers' energies.
#[derive(Debug, Clone, Default)]
pub(super) struct FeederSlot {
    /// Columns that sell, with factors.
    pub sales: Vec<Term>,
    /// Columns that buy.
    pub purchases: Vec<Term>,
    /// What the sellers have together (Wh).
    pub supply: u128,
    /// What the buyers want together (Wh).
    pub demand: u128,
}

impl FeederSlot {
    /// Adds a column of `offer`. An offer with many counts many times, which at worst gives a row too
    /// many.
    pub fn add(&mut self, offer: &Offer, column: usize) {
        let energy = u128::from(offer.left);
        match offer.side {
            Side::Sell => {
                self.sales.push((column, 1.0));
                self.supply += energy;
            }
            Side::Buy => {
                self.purchases.push((column, 1.0));
                self.demand += energy;
            }
        }
    }

    /// Adds the rows of the limits that offers could exceed, and says which row is which.
    pub fn limit(
        self,
        program: &mut Program,
        limits: &FeederLimits,
        unit: f64,
    ) -> Vec<(Limit, usize)> {
        let needed = LIMITS.into_iter().filter(|limit| {
            let (energy, most) = match limit {
                Limit::Export => (self.supply, limits.export),
                Limit::Production => (self.supply, limits.production),
                Limit::Import => (self.demand, limits.import),
                Limit::Consumption => (self.demand, limits.consumption),
            };
            energy > u128::from(most)
        });
        let needed: Vec<Limit> = needed.collect();
        let row = |limit: Limit| {
            let (plus, minus, most) = match limit {
                Limit::Export => (&self.sales, &self.purchases[..], limits.export),
                Limit::Import => (&self.purchases, &self.sales[..], limits.import),
                Limit::Consumption => (&self.purchases, &[][..], limits.consumption),
                Limit::Production => (&self.sales, &[][..], limits.production),
            };
            let minus = minus.iter().map(|&(column, factor)| (column, -factor));
            let terms = plus.iter().copied().chain(minus).collect();
            (limit, program.at_most(terms, most as f64 / unit))
        };
        needed.into_iter().map(row).collect()
    }
}

/// `Σ_t ≤ E` for every offer that has columns, T(3), T(4). `columns` by position of the offer.
pub(super) fn energy_rows(
    program: &mut Program,
    book: &Book,
    columns: BTreeMap<usize, Vec<Term>>,
    unit: f64,
) {
    let energies: Vec<u64> = book.offers.values().map(|offer| offer.left).collect();
    for (offer, terms) in columns {
        program.at_most(terms, energies[offer] as f64 / unit);
    }
}

/// Wh that make one unit of the program: a large offer is about 1.
pub(super) fn unit(book: &Book) -> f64 {
    let most = book.offers.values().map(|offer| offer.left).max();
    most.map_or(1.0, |most| (most as f64).max(1.0))
}

/// Largest weight of an offer, which becomes 1 in the program.
pub(super) fn heaviest(book: &Book) -> f64 {
    let weights = book.offers.values().map(|offer| book.weight(offer).abs());
    weights.fold(1.0, f64::max)
}
