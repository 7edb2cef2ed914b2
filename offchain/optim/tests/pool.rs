//! Pool sessions against the central optimum: golden communities, and the rounds that the shipped
//! scenarios need on ten seeds.

use std::path::Path;

use gridweave_model::prosumers::{Community, CommunityFile, ProsumerScenario};
use gridweave_optim::prosumers::{PoolSession, PoolTerms, Trading, baseline, solve_community};
use gridweave_rules::pool::side_payments;

/// What is measured of one session.
#[derive(Debug, Default)]
struct Measured {
    /// Relative cost gap of the plan of each round.
    gaps: Vec<f64>,
    /// Relative gap of the best plan so far to the best lower bound so far.
    certified: Vec<f64>,
    /// Relative imbalance of the answers of each round.
    imbalances: Vec<f64>,
    /// Relative imbalance of the plan of each round.
    left: Vec<f64>,
    /// Plans that a home could not deliver, all rounds.
    short: usize,
    /// Largest loss of a home against staying alone after the last round, under the session's price,
    /// as a fraction of its cost alone.
    worst: f64,
    /// Homes that lose more than 1e-6 of their cost alone.
    losers: usize,
    /// The same two under the prices of the central optimum.
    central: (f64, usize),
    /// Largest loss with side payments (µ); none if all together lose.
    lifted: Option<i64>,
    /// Cost alone, central.
    costs: (f64, f64),
}

impl Measured {
    /// First round from which gap and imbalance both stay within `tolerance`.
    fn rounds_to(&self, tolerance: f64) -> Option<usize> {
        let pairs = self.gaps.iter().zip(&self.left);
        let good: Vec<bool> = pairs
            .map(|(gap, left)| gap.abs() <= tolerance && *left <= tolerance)
            .collect();
        let bad = good.iter().rposition(|good| !good).map_or(0, |at| at + 1);
        (bad < good.len()).then_some(bad + 1)
    }
}

fn measure(community: &Community, rounds: usize) -> Measured {
    let optimum = solve_community(community, Trading::Pool).unwrap();
    let mut session = PoolSession::new(community, PoolTerms::of(community)).unwrap();
    let alone: Vec<f64> = session.alone().unwrap().iter().map(|a| a.cost).collect();
    let mut measured = Measured {
        costs: (alone.iter().sum(), optimum.cost),
        ..Measured::default()
    };
    let (mut best, mut bound) = (measured.costs.0, f64::NEG_INFINITY);
    for last in 1..=rounds {
        let round = session.round().unwrap();
        let settled = session.settle(&round.plans).unwrap();
        let gap = (settled.cost() - optimum.cost) / optimum.cost.abs();
        measured.gaps.push(gap);
        // Only plans that every home delivers count.
        if settled.short == 0 {
            best = best.min(settled.cost());
        }
        bound = bound.max(session.lower_bound(&round.price).unwrap());
        assert!(bound <= optimum.cost + 1e-5 * optimum.cost.abs());
        measured.certified.push((best - bound) / best.abs());
        measured.imbalances.push(round.imbalance);
        measured.left.push(settled.imbalance);
        measured.short += settled.short;
        if last == rounds {
            let outcomes = settled.homes.iter().map(|h| (h.cost, &h.trade[..]));
            let gains = gains(&alone, outcomes, &round.price);
            (measured.worst, measured.losers) = losses(&alone, &gains);
            measured.lifted = lifted(&gains);
        }
    }
    let homes = optimum.costs.iter().zip(&optimum.homes);
    let outcomes = homes.map(|(&cost, home)| (cost, &home.trade[..]));
    measured.central = losses(&alone, &gains(&alone, outcomes, &optimum.prices));
    measured
}

fn with_baselines(mut community: Community) -> Community {
    for at in 0..community.homes.len() {
        if let Some(found) = baseline(&community, at).unwrap() {
            community.homes[at].dr_baseline_kw = Some(found);
        }
    }
    community
}

/// What each home gains against staying alone, paid for its trade at `price`.
fn gains<'a>(
    alone: &[f64],
    outcomes: impl Iterator<Item = (f64, &'a [f64])>,
    price: &[f64],
) -> Vec<f64> {
    let pairs = outcomes.zip(alone);
    let gain = |((cost, trade), alone): ((f64, &[f64]), &f64)| {
        let earned: f64 = trade.iter().zip(price).map(|(x, p)| x * p).sum();
        alone - (cost - earned)
    };
    pairs.map(gain).collect()
}

/// Largest loss relative to the cost alone, and how many homes lose.
fn losses(alone: &[f64], gains: &[f64]) -> (f64, usize) {
    let pairs = gains.iter().zip(alone);
    let relative: Vec<f64> = pairs
        .map(|(gain, cost)| -gain / cost.abs().max(1.0))
        .collect();
    let worst = relative.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (worst, relative.iter().filter(|loss| **loss > 1e-6).count())
}

/// Largest loss (µ) after side payments.
fn lifted(gains: &[f64]) -> Option<i64> {
    let micro: Vec<i64> = gains.iter().map(|g| (1e6 * g).floor() as i64).collect();
    let payments = side_payments(&micro)?;
    let after = micro.iter().zip(&payments);
    after.map(|(gain, payment)| -(gain + payment)).max()
}

fn golden(name: &str) -> Community {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/prosumers");
    let file = CommunityFile::load(&folder.join(format!("{name}.json"))).unwrap();
    file.community
}

#[test]
fn golden_days_end_within_a_thousandth() {
    for name in ["p10-24-10", "p10-24-11"] {
        let measured = measure(&golden(name), 10);
        println!("{name}: {measured:?}");
        assert!(measured.rounds_to(1e-3).is_some(), "{name}: {measured:?}");
        assert_eq!(measured.short, 0);
        assert!(measured.worst < 1e-3, "{name}: {measured:?}");
        assert!(measured.central.0 < 1e-5, "{name}: {measured:?}");
        assert!(measured.lifted.is_some_and(|loss| loss <= 0));
    }
}

#[test]
#[ignore = "minutes: solves a week of ten homes and a day of a hundred, sixteen rounds each"]
fn larger_golden_communities_end_within_a_thousandth() {
    for name in ["p10-168-12", "p100-24-13"] {
        let measured = measure(&golden(name), 16);
        println!("{name}: {measured:?}");
        assert!(measured.rounds_to(1e-3).is_some(), "{name}: {measured:?}");
    }
}

/// `cargo test -p gridweave-optim --test pool -- --ignored --nocapture rounds_by_seed`; the
/// environment variables `SCENARIO`, `SEEDS` (as `1-10`), `DAY` and `ROUNDS` choose another measurement.
#[test]
#[ignore = "many minutes: the table of rounds in docs/decisions"]
fn rounds_by_seed() {
    let set = |name: &str, default: &str| std::env::var(name).unwrap_or(default.into());
    let scenario = ProsumerScenario::shipped(&set("SCENARIO", "prosumers-10")).unwrap();
    let rounds: usize = set("ROUNDS", "16").parse().unwrap();
    let seeds = set("SEEDS", "1-10");
    let (first, last) = seeds.split_once('-').unwrap();
    for seed in first.parse().unwrap()..=last.parse().unwrap() {
        let mut scenario = scenario.clone().with_seed(seed);
        if let Ok(day) = std::env::var("DAY") {
            scenario = scenario.with_day(day.parse().unwrap());
        }
        let measured = measure(&with_baselines(scenario.build().unwrap()), rounds);
        let saved = 1.0 - measured.costs.1 / measured.costs.0;
        println!(
            "{} seed {seed}: 1e-2 in {:?}, 1e-3 in {:?}; saves {:.2} %; short {}; losers {} (worst {:.1e}), \
             with side payments {:?} µ; central {} ({:.1e})",
            scenario.name(),
            measured.rounds_to(1e-2),
            measured.rounds_to(1e-3),
            100.0 * saved,
            measured.short,
            measured.losers,
            measured.worst,
            measured.lifted,
            measured.central.1,
            measured.central.0,
        );
        println!("  gaps {:.1e}", Row(&measured.gaps));
        println!("  certified {:.1e}", Row(&measured.certified));
        println!("  imbalances {:.1e}", Row(&measured.imbalances));
        assert!(measured.rounds_to(1e-2).is_some(), "seed {seed}");
    }
}

/// Numbers in a row.
struct Row<'a>(&'a [f64]);

impl std::fmt::LowerExp for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|value| {
            std::fmt::LowerExp::fmt(value, f)?;
            f.write_str(" ")
        })
    }
}
