//! What a history may do next.

use proptest::prelude::*;

use crate::model::{HOMES, Line, Model, Origin};

/// One operation; intervals are absolute.
#[derive(Clone, Debug)]
pub enum Operation {
    Pass(u64),
    TopUp(usize, u128),
    Withdraw(usize, u128),
    Release(usize),
    Collect(usize),
    Fund(u128),
    Defund(u128),
    Commit {
        source: usize,
        rows: Vec<(usize, u32, i64, i64)>,
        paid: bool,
    },
    Read(usize, u32, Vec<i64>),
    Correct(usize, u32, Vec<i64>),
    Settle {
        interval: u32,
        after: Option<usize>,
        limit: u32,
    },
    Dispute(usize, u32),
    Resolve(usize, u32, Option<i64>),
    Open(u32),
    Reconcile(u32),
}

/// Energies as homes have them, and now and then one beyond the limit.
fn energy() -> impl Strategy<Value = i64> {
    prop_oneof![
        30 => -5_000..5_000i64,
        1 => prop_oneof![Just(i64::MAX), Just(i64::MIN), Just(1_000_001)],
    ]
}

/// Intervals around the present: some just begun, most recent, a few ahead.
fn around(present: u32) -> impl Strategy<Value = u32> {
    (0..14u32).prop_map(move |back| (present + 2).saturating_sub(back))
}

fn rows(present: u32) -> impl Strategy<Value = Vec<(usize, u32, i64, i64)>> {
    let ahead = (0..6u32).prop_map(move |ahead| present + ahead);
    let price = prop_oneof![20 => -50_000..400_000i64, 1 => Just(10_000_001)];
    proptest::collection::vec((0..HOMES, ahead, energy(), price), 1..4)
}

/// A line that fits, if there is one; else, and now and then anyway, any.
fn line(model: &Model, fits: impl Fn(u32, &Line) -> bool) -> BoxedStrategy<(usize, u32)> {
    let lines = model.lines.iter().filter(|(key, line)| fits(key.0, line));
    let recent: Vec<(usize, u32)> = lines
        .map(|(&(t, home), _)| (home, t))
        .rev()
        .take(40)
        .collect();
    let any = (0..HOMES, around(model.present()));
    if recent.is_empty() {
        return any.boxed();
    }
    prop_oneof![1 => any, 5 => proptest::sample::select(recent)].boxed()
}

fn was_read(line: &Line) -> bool {
    matches!(line.metered, Some((_, Origin::Meter)))
}

/// A period that has been opened, or any.
fn period(model: &Model) -> BoxedStrategy<u32> {
    let open: Vec<u32> = model.periods.keys().rev().take(4).copied().collect();
    if open.is_empty() {
        return (0..2u32).boxed();
    }
    proptest::sample::select(open).boxed()
}

/// Any operation, on intervals near the present of the model.
pub fn next(model: &Model) -> BoxedStrategy<Operation> {
    use Operation as O;
    let present = model.present();
    let expected: Vec<u32> = (0..HOMES).map(|home| model.next_reading(home)).collect();
    let shift = prop_oneof![12 => Just(0i64), 1 => -2..3i64];
    let energies = || proptest::collection::vec(energy(), 1..4);
    let amount = || 0..2_000_000u128;
    let after = proptest::option::weighted(0.2, 0..HOMES);
    prop_oneof![
        4 => (0..1_500u64).prop_map(O::Pass),
        1 => (3_000..20_000u64).prop_map(O::Pass),
        3 => (0..HOMES, 1..1_500_000u128).prop_map(|(home, coins)| O::TopUp(home, coins)),
        2 => (0..HOMES, amount()).prop_map(|(home, coins)| O::Withdraw(home, coins)),
        1 => (0..HOMES).prop_map(O::Release),
        1 => (0..HOMES).prop_map(O::Collect),
        1 => (1..1_000_000u128).prop_map(O::Fund),
        1 => amount().prop_map(O::Defund),
        7 => (0..2usize, rows(present), proptest::bool::weighted(0.2))
            .prop_map(|(source, rows, paid)| O::Commit { source, rows, paid }),
        7 => (0..HOMES, shift, energies()).prop_map(move |(home, shift, energies)| {
            let from = i64::from(expected[home]) + shift;
            O::Read(home, from.max(0) as u32, energies)
        }),
        3 => (line(model, |t, line| was_read(line) && !model.is_final(t)), energies())
            .prop_map(|((home, from), energies)| O::Correct(home, from, energies)),
        7 => (line(model, |_, line| !line.settled), after, 1..6u32)
            .prop_map(|((_, interval), after, limit)| O::Settle { interval, after, limit }),
        1 => (around(present), 1..6u32)
            .prop_map(|(interval, limit)| O::Settle { interval, after: None, limit }),
        3 => line(model, |t, line| model.may_dispute(t, line))
            .prop_map(|(home, t)| O::Dispute(home, t)),
        2 => (line(model, |t, line| line.disputed && !model.is_final(t)), proptest::option::of(energy()))
            .prop_map(|((home, t), reading)| O::Resolve(home, t, reading)),
        2 => (0..=present / 4).prop_map(O::Open),
        2 => period(model).prop_map(O::Reconcile),
    ]
    .boxed()
}
