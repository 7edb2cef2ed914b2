//! The measured year of 17 homes that gives loads and solar generation their shape.

use std::sync::OnceLock;

use super::shipped;
use crate::profile::{ProfileError, Table};

/// Homes in the data.
pub(crate) const HOMES: usize = 17;
/// Days in the data.
pub(crate) const DAYS: u32 = 365;
/// Level of the mean load (kWh per hour) that counts as 1, fixed so that days differ in level.
const MEAN_REFERENCE: f64 = 1.9;
/// A home's mean load times this counts as 1.
const HOME_REFERENCE: f64 = 1.6;

/// Hourly shapes of one year.
#[derive(Debug)]
pub(crate) struct Measured {
    homes: Vec<Vec<f64>>,
    home_means: Vec<f64>,
    mean_load: Vec<f64>,
    mean_solar: Vec<f64>,
    solar: Vec<Vec<f64>>,
    outdoor: Vec<f64>,
    price: Vec<f64>,
}

impl Measured {
    /// The year that is shipped, parsed once.
    pub fn year() -> Result<&'static Self, ProfileError> {
        static YEAR: OnceLock<Measured> = OnceLock::new();
        if let Some(year) = YEAR.get() {
            return Ok(year);
        }
        let year = Self::parse(shipped::YEAR.0, shipped::YEAR.1)?;
        Ok(YEAR.get_or_init(|| year))
    }

    fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        let table = Table::parse(file, text)?;
        let columns = |prefix: &str, suffix: &str| {
            (1..=HOMES)
                .map(|home| Ok(table.column(&format!("{prefix}{home}{suffix}"))?.to_vec()))
                .collect::<Result<Vec<_>, ProfileError>>()
        };
        let homes = columns("load", "_kwh")?;
        let solar = columns("pv", "_kwh_per_kwp")?;
        Ok(Self {
            home_means: homes.iter().map(|home| mean(home)).collect(),
            mean_load: mean_rows(&homes),
            mean_solar: mean_rows(&solar),
            solar,
            outdoor: table.column("outdoor_temp_c")?.to_vec(),
            price: table.column("price_usd_per_kwh")?.to_vec(),
            homes,
        })
    }

    /// Load relative to a mean level of 1 in hour `hour` of day `day`: the mean of all homes,
    /// and `diversity` of it replaced by the one home.
    pub fn load(&self, home: usize, diversity: f64, day: u32, hour: usize) -> f64 {
        let row = self.row(day, hour);
        let own_level = (self.home_means[home] * HOME_REFERENCE).max(1e-6);
        let common = self.mean_load[row] / MEAN_REFERENCE;
        (1.0 - diversity) * common + diversity * self.homes[home][row] / own_level
    }

    /// Measured load of one home (kWh) in hour `hour` of day `day`.
    pub fn home(&self, home: usize, day: u32, hour: usize) -> f64 {
        self.homes[home][self.row(day, hour)]
    }

    /// Mean generation per kilowatt-peak in hour `hour` of day `day`.
    pub fn solar(&self, day: u32, hour: usize) -> f64 {
        self.mean_solar[self.row(day, hour)]
    }

    /// Measured generation of one home per kilowatt-peak in hour `hour` of day `day`.
    pub fn home_solar(&self, home: usize, day: u32, hour: usize) -> f64 {
        self.solar[home][self.row(day, hour)]
    }

    /// Outdoor temperature (°C) in hour `hour` of day `day`.
    pub fn outdoor(&self, day: u32, hour: usize) -> f64 {
        self.outdoor[self.row(day, hour)]
    }

    /// Time-of-use price (currency per kWh) in hour `hour` of day `day`.
    pub fn price(&self, day: u32, hour: usize) -> f64 {
        self.price[self.row(day, hour)]
    }

    /// Row of the data; a horizon over the end of the year goes on at its beginning.
    fn row(&self, day: u32, hour: usize) -> usize {
        (day as usize * super::clock::DAY + hour) % self.mean_load.len()
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn mean_rows(columns: &[Vec<f64>]) -> Vec<f64> {
    let rows = columns.first().map_or(0, Vec::len);
    let row_mean = |row| columns.iter().map(|c| c[row]).sum::<f64>() / columns.len() as f64;
    (0..rows).map(row_mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_complete() {
        let year = Measured::year().unwrap();
        assert_eq!(year.mean_load.len(), DAYS as usize * 24);
        assert!(year.homes.iter().all(|h| h.iter().all(|&l| l >= 0.0)));
        assert!(year.mean_solar.iter().all(|&s| (0.0..=1.2).contains(&s)));
    }

    /// Bus 3 of the golden instance `day-1` (peak 57 kVA, power factor 0.9, home 13).
    #[test]
    fn the_mix_reproduces_an_independent_computation() {
        let year = Measured::year().unwrap();
        for (hour, expected) in [(0, 0.019700228), (5, 0.00952445), (13, 0.037457833)] {
            let load = 0.9 * 0.057 * 0.6 * year.load(12, 0.3, 0, hour);
            assert!((load - expected).abs() < 1e-5, "hour {hour}: {load}");
        }
    }
}
