//! The market day as it goes by: offers appear, the solver solves, an interval is finalized. Tests A
//! to D of the paper's Table II.

use std::collections::BTreeMap;

use gridweave_model::market::{MarketDay, MarketObjective, MarketScenario};
use gridweave_optim::market::Book;
use gridweave_rules::market::Trade;
use gridweave_solver::{Solution, solve_exact};
use gridweave_units::Interval;

fn day(battery: bool, window: u32, objective: MarketObjective) -> MarketDay {
    let scenario = MarketScenario::shipped("transax-102").unwrap();
    let scenario = scenario.with_battery(battery).with_window(window);
    scenario.with_objective(objective).build().unwrap()
}

/// Traded energy by interval (Wh) when all that is finalized comes from the optimum of what is known
/// an interval before.
fn rolling(day: &MarketDay) -> Vec<u64> {
    let whole = Book::day(day).unwrap();
    let mut left: BTreeMap<u32, u64> = BTreeMap::new();
    let mut traded = vec![0; day.horizon as usize];
    for next in 0..day.horizon {
        let book = known(day, &whole, &left, next);
        let solution = solve_exact(&book).unwrap();
        let now = solution
            .trades
            .iter()
            .filter(|trade| trade.interval.0 == next);
        for trade in now {
            finalize(&whole, &mut left, trade);
            traded[next as usize] += trade.energy;
        }
    }
    traded
}

fn finalize(whole: &Book, left: &mut BTreeMap<u32, u64>, trade: &Trade) {
    for offer in [trade.seller, trade.buyer] {
        *left.entry(offer).or_insert(whole.offers[&offer].left) -= trade.energy;
    }
}

/// What is posted before interval `next` begins.
fn known(day: &MarketDay, whole: &Book, left: &BTreeMap<u32, u64>, next: u32) -> Book {
    let posted = (1u32..).zip(&day.postings);
    // The market opens an interval before the day.
    let posted = posted.filter(|(_, posting)| posting.start + 2 <= next + day.window);
    let offers = posted.map(|(id, _)| {
        let mut offer = whole.offers[&id];
        offer.left = left.get(&id).copied().unwrap_or(offer.left);
        (id, offer)
    });
    Book {
        next: Interval(next),
        offers: offers.filter(|(_, offer)| offer.left > 0).collect(),
        ..whole.clone()
    }
}

fn optimum(day: &MarketDay) -> Solution {
    let book = Book::day(day).unwrap();
    solve_exact(&book).unwrap()
}

/// A few windows, or with `GRIDWEAVE_LONG` all from 2 to 13.
fn windows(few: &[u32]) -> Vec<u32> {
    match std::env::var_os("GRIDWEAVE_LONG") {
        Some(_) => (2..=13).collect(),
        None => few.to_vec(),
    }
}

#[test]
fn without_batteries_the_window_does_not_matter() {
    let full = optimum(&day(false, 2, MarketObjective::Energy)).energy();
    for window in windows(&[2, 6]) {
        for objective in [MarketObjective::Energy, MarketObjective::ExpiringFirst] {
            let traded: u64 = rolling(&day(false, window, objective)).iter().sum();
            assert_eq!(u128::from(traded), full, "window {window}, {objective:?}");
        }
    }
}

#[test]
fn with_batteries_expiring_offers_first_reach_the_full_information_optimum() {
    let full = optimum(&day(true, 2, MarketObjective::Energy)).energy() as f64;
    for window in windows(&[2, 9]) {
        let share = |objective| {
            let traded: u64 = rolling(&day(true, window, objective)).iter().sum();
            traded as f64 / full
        };
        let (first, plain) = (
            share(MarketObjective::ExpiringFirst),
            share(MarketObjective::Energy),
        );
        assert!((0.999..=1.0).contains(&first), "window {window}: {first}");
        assert!(plain < first, "window {window}: {plain} {first}");
    }
}
