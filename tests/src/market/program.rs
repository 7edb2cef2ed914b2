//! The market's linear programs, solved with clarabel: the reference that rules are tested against.

use std::collections::{BTreeMap, BTreeSet};

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT,
};
use gridweave_rules::market::certificate::{FeederDuals, IntervalDuals};
use gridweave_rules::market::{Certificate, Objective, Offer, PlainBook, Side};
use gridweave_units::Interval;

/// A linear program `max c·x`, `x ≥ 0`, with rows `a·x ≤ b` or `a·x = 0`.
#[derive(Default)]
struct Program {
    gains: Vec<f64>,
    /// Column and coefficient, row by row; equalities first.
    rows: Vec<(Vec<(usize, f64)>, f64)>,
    equalities: usize,
}

impl Program {
    /// The value and the rows' duals.
    fn solve(&self) -> (f64, Vec<f64>) {
        let columns = self.gains.len();
        if columns == 0 {
            return (0.0, vec![0.0; self.rows.len()]);
        }
        let count = self.rows.len() + columns;
        let (mut at, mut over, mut by) = (Vec::new(), Vec::new(), Vec::new());
        let mut bounds = vec![0.0; count];
        for (row, (entries, bound)) in self.rows.iter().enumerate() {
            bounds[row] = *bound;
            for (column, value) in entries {
                at.push(row);
                over.push(*column);
                by.push(*value);
            }
        }
        for column in 0..columns {
            at.push(self.rows.len() + column);
            over.push(column);
            by.push(-1.0);
        }
        let matrix = CscMatrix::new_from_triplets(count, columns, at, over, by);
        let costs: Vec<f64> = self.gains.iter().map(|gain| -gain).collect();
        let cones = [
            SupportedConeT::ZeroConeT(self.equalities),
            SupportedConeT::NonnegativeConeT(count - self.equalities),
        ];
        let settings = DefaultSettingsBuilder::default()
            .verbose(false)
            .presolve_enable(false)
            .build()
            .expect("valid settings");
        let quadratic = CscMatrix::zeros((columns, columns));
        let solver = DefaultSolver::new(&quadratic, &costs, &matrix, &bounds, &cones, settings);
        let mut solver = solver.expect("a valid program");
        solver.solve();
        assert_eq!(solver.solution.status, SolverStatus::Solved);
        (-solver.solution.obj_val, solver.solution.z.clone())
    }
}

/// The solved compact program.
pub struct Optimum {
    /// Largest objective.
    pub value: f64,
    /// Its duals.
    pub certificate: Certificate,
}

/// Open intervals of an offer.
fn open(offer: &Offer, next: Interval) -> impl Iterator<Item = Interval> {
    offer.intervals.iter().filter(move |t| *t >= next)
}

/// What a row of the compact program stands for.
enum Row {
    Balance(Interval),
    Level(Interval, u64),
    Export(Interval, u32),
    Import(Interval, u32),
    Consumption(Interval, u32),
    Production(Interval, u32),
    Energy,
}

/// The compact program of a book under construction.
struct Compact<'a> {
    book: &'a PlainBook,
    columns: Vec<(u32, Interval)>,
    program: Program,
    kinds: Vec<Row>,
}

impl<'a> Compact<'a> {
    fn new(book: &'a PlainBook, objective: Objective, next: Interval) -> Self {
        let (mut program, mut columns) = (Program::default(), Vec::new());
        for (id, offer) in &book.offers {
            for interval in open(offer, next) {
                columns.push((*id, interval));
                program.gains.push(objective.weight(offer, next) as f64);
            }
        }
        Self {
            book,
            columns,
            program,
            kinds: Vec::new(),
        }
    }

    /// Adds a row with what `keep` says about each offer and interval.
    fn row(&mut self, kind: Row, bound: u64, keep: impl Fn(u32, &Offer, Interval) -> f64) {
        let entries = self.columns.iter().enumerate();
        let entries = entries.map(|(at, (id, t))| (at, keep(*id, &self.book.offers[id], *t)));
        let entries = entries.filter(|(_, value)| *value != 0.0).collect();
        self.program.rows.push((entries, bound as f64));
        self.kinds.push(kind);
    }

    /// T(1), in one interval.
    fn levels(&mut self, t: Interval) {
        let offers = self.columns.iter().filter(|(_, at)| *at == t);
        let offers = offers.map(|(id, _)| self.book.offers[id]);
        let sellers = offers.filter(|offer| offer.side == Side::Sell);
        let levels: BTreeSet<u64> = sellers.map(|offer| offer.price).collect();
        for level in levels {
            self.row(Row::Level(t, level), 0, |_, offer, at| {
                net(offer, at == t && offer.price >= level)
            });
        }
    }

    /// T(5) to T(8), of one feeder in one interval.
    fn feeder(&mut self, t: Interval, f: u32) {
        let limits = self.book.limits[&f];
        let here = move |offer: &Offer, at| at == t && offer.feeder == f;
        self.row(Row::Export(t, f), limits.export, |_, offer, at| {
            net(offer, here(offer, at))
        });
        self.row(Row::Import(t, f), limits.import, |_, offer, at| {
            -net(offer, here(offer, at))
        });
        self.row(
            Row::Consumption(t, f),
            limits.consumption,
            |_, offer, at| f64::from(u8::from(here(offer, at) && offer.side == Side::Buy)),
        );
        self.row(Row::Production(t, f), limits.production, |_, offer, at| {
            f64::from(u8::from(here(offer, at) && offer.side == Side::Sell))
        });
    }
}

/// 1 for a seller and −1 for a buyer that is in the row.
fn net(offer: &Offer, is_in: bool) -> f64 {
    match (is_in, offer.side) {
        (false, _) => 0.0,
        (true, Side::Sell) => 1.0,
        (true, Side::Buy) => -1.0,
    }
}

/// Solves the compact program of a book, see [`gridweave_rules::market::certificate`].
///
/// # Panics
/// When clarabel does not solve it.
pub fn optimum(book: &PlainBook, objective: Objective, next: Interval) -> Optimum {
    let mut compact = Compact::new(book, objective, next);
    let intervals: BTreeSet<Interval> = compact.columns.iter().map(|column| column.1).collect();
    for t in &intervals {
        compact.row(Row::Balance(*t), 0, |_, offer, at| net(offer, at == *t));
    }
    compact.program.equalities = intervals.len();
    for t in &intervals {
        compact.levels(*t);
        for feeder in book.limits.keys() {
            compact.feeder(*t, *feeder);
        }
    }
    for (id, offer) in &book.offers {
        compact.row(Row::Energy, offer.left, |other, _, _| {
            f64::from(u8::from(other == *id))
        });
    }
    let (value, duals) = compact.program.solve();
    let gains = compact.program.gains.iter();
    let largest = gains.fold(1.0, |a: f64, b| a.max(b.abs()));
    let scale = (2f64.powi(58) / largest).min(2f64.powi(36)).floor();
    Optimum {
        value,
        certificate: certificate(&compact.kinds, &duals, scale.max(1.0)),
    }
}

/// Duals in integers over `scale`.
fn certificate(kinds: &[Row], duals: &[f64], scale: f64) -> Certificate {
    let mut by_interval: BTreeMap<Interval, IntervalDuals> = BTreeMap::new();
    let mut feeders: BTreeMap<(Interval, u32), FeederDuals> = BTreeMap::new();
    for (kind, dual) in kinds.iter().zip(duals) {
        let signed = (dual * scale).round() as i64;
        let positive = u64::try_from(signed).unwrap_or(0);
        let mut feeder = |t: &Interval, f: &u32, change: &dyn Fn(&mut FeederDuals)| {
            let duals = feeders.entry((*t, *f)).or_default();
            duals.feeder = *f;
            change(duals);
        };
        match kind {
            Row::Balance(t) => {
                let duals = by_interval.entry(*t).or_default();
                (duals.interval, duals.base) = (t.0, signed);
            }
            Row::Level(t, price) => {
                let duals = by_interval.entry(*t).or_default();
                duals.levels.push((*price, positive));
            }
            Row::Export(t, f) => feeder(t, f, &|duals| duals.net += positive as i64),
            Row::Import(t, f) => feeder(t, f, &|duals| duals.net -= positive as i64),
            Row::Consumption(t, f) => feeder(t, f, &|duals| duals.consumption = positive),
            Row::Production(t, f) => feeder(t, f, &|duals| duals.production = positive),
            Row::Energy => {}
        }
    }
    for ((t, _), duals) in feeders {
        by_interval.entry(t).or_default().feeders.push(duals);
    }
    Certificate {
        scale: scale as u64,
        intervals: by_interval.into_values().collect(),
    }
}

/// Largest objective by the program as the paper writes it, with a variable for every pair and
/// interval, T(3) to T(8), T(16).
///
/// # Panics
/// When clarabel does not solve it.
pub fn pairwise(book: &PlainBook, objective: Objective, next: Interval) -> f64 {
    let mut program = Program::default();
    let mut rows: BTreeMap<(u8, u32, Interval), Vec<(usize, f64)>> = BTreeMap::new();
    let of = |side| {
        book.offers
            .iter()
            .filter(move |(_, offer)| offer.side == side)
    };
    for (s, ask) in of(Side::Sell) {
        for (b, bid) in of(Side::Buy).filter(|(_, bid)| ask.price <= bid.price) {
            for t in open(ask, next).filter(|t| bid.intervals.contains(*t)) {
                let column = program.gains.len();
                let weight = objective.weight(ask, next) + objective.weight(bid, next);
                program.gains.push(weight as f64);
                let mut put = |kind, number, t, sign| {
                    let row: &mut Vec<(usize, f64)> = rows.entry((kind, number, t)).or_default();
                    row.push((column, sign));
                };
                put(0, *s, Interval(0), 1.0);
                put(0, *b, Interval(0), 1.0);
                put(1, bid.feeder, t, 1.0);
                put(2, ask.feeder, t, 1.0);
                if ask.feeder != bid.feeder {
                    put(3, ask.feeder, t, 1.0);
                    put(3, bid.feeder, t, -1.0);
                    put(4, ask.feeder, t, -1.0);
                    put(4, bid.feeder, t, 1.0);
                }
            }
        }
    }
    for ((kind, number, _), entries) in rows {
        let bound = match kind {
            0 => book.offers[&number].left,
            1 => book.limits[&number].consumption,
            2 => book.limits[&number].production,
            3 => book.limits[&number].export,
            _ => book.limits[&number].import,
        };
        program.rows.push((entries, bound as f64));
    }
    program.solve().0
}
