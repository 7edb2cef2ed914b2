//! What the chain shows of a home's load: the correlation between what it submits and what it keeps
//! to itself.

use serde::Serialize;

use super::outcome::{Outcome, Trading};
use super::problem::Problem;

/// Columns of `privacy.csv`.
pub const HEADER: [&str; 4] = [
    "home",
    "series_shown",
    "correlation_load",
    "correlation_net_load",
];

/// Pearson correlations, their sizes: 1 where the shown tells the hidden but for two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leak {
    /// The home.
    pub home: u32,
    /// How many series of it the chain shows.
    pub shown: usize,
    /// With its load (fixed, shiftable and HVAC), the series that tells most.
    pub load: f64,
    /// With its load less its renewable power.
    pub net_load: f64,
}

/// Means over the homes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Leaks {
    /// Size of the correlation with the load, mean of all homes.
    pub load_mean: f64,
    /// The home that shows most.
    pub load_max: f64,
    /// Size of the correlation with the load less renewable power, mean of all homes.
    pub net_load_mean: f64,
    /// The home that shows most.
    pub net_load_max: f64,
}

/// What the chain shows of every home: its net sales in a pool, its sales to each partner pairwise.
pub fn leaks(problem: &Problem, outcome: &Outcome) -> Vec<Leak> {
    let homes = problem.community.homes.iter().enumerate();
    homes
        .map(|(at, home)| {
            let schedule = &outcome.homes[at].schedule;
            let load: Vec<f64> = (0..problem.community.horizon)
                .map(|t| home.base_kw[t] + schedule.shiftable[t] + schedule.hvac[t])
                .collect();
            let pairs = load.iter().enumerate();
            let net: Vec<f64> = pairs.map(|(t, load)| load - home.renewable(t)).collect();
            let shown = match outcome.trading {
                Trading::Pairwise(_) => partners(problem, outcome, at),
                _ => vec![outcome.homes[at].trade.clone()],
            };
            let most = |hidden: &[f64]| {
                let sizes = shown.iter().map(|row| correlation(row, hidden).abs());
                sizes.fold(0.0, f64::max)
            };
            Leak {
                home: home.home,
                shown: shown.len(),
                load: most(&load),
                net_load: most(&net),
            }
        })
        .collect()
}

/// What home `at` sells to each partner that it trades with (kWh).
fn partners(problem: &Problem, outcome: &Outcome, at: usize) -> Vec<Vec<f64>> {
    let horizon = problem.community.horizon;
    let mut rows = std::collections::BTreeMap::new();
    for trade in &outcome.trades {
        let (partner, sign) = match (trade.seller == at, trade.buyer == at) {
            (true, _) => (trade.buyer, 1.0),
            (_, true) => (trade.seller, -1.0),
            _ => continue,
        };
        let row = rows.entry(partner).or_insert_with(|| vec![0.0; horizon]);
        row[trade.interval] += sign * trade.energy_wh as f64 / 1e3;
    }
    rows.into_values().collect()
}

impl Leaks {
    /// Means and largest of `rows`.
    pub fn of(rows: &[Leak]) -> Self {
        let mean =
            |of: fn(&Leak) -> f64| rows.iter().map(of).sum::<f64>() / rows.len().max(1) as f64;
        let most = |of: fn(&Leak) -> f64| rows.iter().map(of).fold(0.0, f64::max);
        Self {
            load_mean: mean(|row| row.load),
            load_max: most(|row| row.load),
            net_load_mean: mean(|row| row.net_load),
            net_load_max: most(|row| row.net_load),
        }
    }
}

impl Leak {
    /// The row of `privacy.csv`.
    pub fn row(&self) -> [String; 4] {
        [
            self.home.to_string(),
            self.shown.to_string(),
            self.load.to_string(),
            self.net_load.to_string(),
        ]
    }
}

/// Pearson's; 0 where one of the two never changes.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma) * (x - ma);
        bb += (y - mb) * (y - mb);
    }
    if aa * bb > 0.0 {
        ab / (aa * bb).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_are_those_of_pearson() {
        let rising = [1.0, 2.0, 3.0];
        assert!((correlation(&rising, &[10.0, 20.0, 30.0]) - 1.0).abs() < 1e-12);
        assert!((correlation(&rising, &[0.0, -1.0, -2.0]) + 1.0).abs() < 1e-12);
        assert!(correlation(&rising, &[1.0, -2.0, 1.0]).abs() < 1e-12);
        assert_eq!(correlation(&rising, &[4.0; 3]), 0.0);
    }
}
