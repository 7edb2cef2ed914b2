//! How gas per agent and round depends on the number of agents.

use super::consensus::POOL;
use super::iterates::STEADY;
use super::report::Row;

/// Intervals at which sizes are compared.
const HORIZON: u32 = 24;

/// Gas of an iterate by number of agents, and the largest relative difference between two.
#[derive(Debug, Clone, PartialEq)]
pub struct Flatness {
    /// Agents and gas.
    pub gas: Vec<(u32, u64)>,
    /// `(most − least) / least`.
    pub spread: f64,
}

impl Flatness {
    /// Of the consensus sessions in `rows`; `None` with fewer than two.
    pub fn of(rows: &[Row]) -> Option<Self> {
        let iterates = rows.iter().filter(|row| {
            let key = &row.key;
            key.message == "submit_iterate"
                && key.case == format!("{POOL}, {STEADY}")
                && key.horizon == HORIZON
        });
        let gas: Vec<(u32, u64)> = iterates.map(|row| (row.key.agents, row.cost.gas)).collect();
        let most = gas.iter().map(|&(_, gas)| gas).max()?;
        let least = gas.iter().map(|&(_, gas)| gas).min()?;
        (gas.len() > 1).then(|| Self {
            spread: (most - least) as f64 / least as f64,
            gas,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::row;
    use super::*;

    #[test]
    fn the_spread_is_relative_to_the_least() {
        let iterate = |agents, gas| {
            let mut row = row("submit_iterate", agents, gas);
            row.key.case = format!("{POOL}, {STEADY}");
            row
        };
        let rows = [iterate(10, 100), iterate(100, 104), row("open", 10, 900)];
        let flat = Flatness::of(&rows).unwrap();
        assert_eq!(flat.gas, [(10, 100), (100, 104)]);
        assert!((flat.spread - 0.04).abs() < 1e-12);
        assert_eq!(Flatness::of(&rows[..1]), None);
    }
}
