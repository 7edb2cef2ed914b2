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

/// Solves the compact program of a book, see [`gridweave_rules::market::certificate`].
///
/// # Panics
/// When clarabel does not solve it.
pub fn optimum(book: &PlainBook, objective: Objective, next: Interval) -> Optimum {
    let mut program = Program::default();
    let mut columns: Vec<(u32, Interval)> = Vec::new();
    for (id, offer) in &book.offers {
        for interval in open(offer, next) {
            columns.push((*id, interval));
            program.gains.push(objective.weight(offer, next) as f64);
        }
    }
    let mut kinds = Vec::new();
    let intervals: BTreeSet<Interval> = columns.iter().map(|column| column.1).collect();
    let row = |program: &mut Program, keep: &dyn Fn(&Offer, Interval, u32) -> f64, bound: f64| {
        let entries = columns.iter().enumerate();
        let entries = entries.map(|(at, (id, t))| (at, keep(&book.offers[id], *t, *id)));
        let entries = entries.filter(|(_, value)| *value != 0.0).collect();
        program.rows.push((entries, bound));
    };
    let sign = |offer: &Offer| if offer.side == Side::Sell { 1.0 } else { -1.0 };
    for t in &intervals {
        row(
            &mut program,
            &|o, at, _| if at == *t { sign(o) } else { 0.0 },
            0.0,
        );
        kinds.push(Row::Balance(*t));
    }
    program.equalities = kinds.len();
    for t in &intervals {
        let levels: BTreeSet<u64> = columns
            .iter()
            .filter(|(id, at)| at == t && book.offers[id].side == Side::Sell)
            .map(|(id, _)| book.offers[id].price)
            .collect();
        for level in levels {
            let keep = |o: &Offer, at: Interval, _| match at == *t && o.price >= level {
                true => sign(o),
                false => 0.0,
            };
            row(&mut program, &keep, 0.0);
            kinds.push(Row::Level(*t, level));
        }
        for (feeder, limits) in &book.limits {
            let f = *feeder;
            let net = |o: &Offer, at: Interval, _: u32| match at == *t && o.feeder == f {
                true => sign(o),
                false => 0.0,
            };
            let gross = |side: Side| {
                move |o: &Offer, at: Interval, _: u32| {
                    f64::from(u8::from(at == *t && o.feeder == f && o.side == side))
                }
            };
            row(&mut program, &net, limits.export as f64);
            kinds.push(Row::Export(*t, f));
            row(
                &mut program,
                &|o, at, id| -net(o, at, id),
                limits.import as f64,
            );
            kinds.push(Row::Import(*t, f));
            row(&mut program, &gross(Side::Buy), limits.consumption as f64);
            kinds.push(Row::Consumption(*t, f));
            row(&mut program, &gross(Side::Sell), limits.production as f64);
            kinds.push(Row::Production(*t, f));
        }
    }
    for (id, offer) in &book.offers {
        let own = |_: &Offer, _, other: u32| f64::from(u8::from(other == *id));
        row(&mut program, &own, offer.left as f64);
        kinds.push(Row::Energy);
    }
    let (value, duals) = program.solve();
    let largest = program.gains.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
    let scale = (2f64.powi(58) / largest)
        .min(2f64.powi(36))
        .max(1.0)
        .floor();
    Optimum {
        value,
        certificate: certificate(&kinds, &duals, scale),
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
