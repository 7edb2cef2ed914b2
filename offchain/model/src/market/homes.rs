//! Homes with measured loads and solar producers.

use super::document::Document;
use crate::profile::ProfileError;
use crate::scenario::measured::{HOMES, Measured};

const HOURS: usize = 24;
/// Days between two uses of the same measured home: weekdays stay weekdays.
const WEEK: u32 = 7;

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its feeder.
    pub feeder: u32,
    /// Energy by interval (Wh), production positive.
    pub energy_wh: Vec<i64>,
}

/// Producers first, then consumers, feeder by feeder. Consumer `i` is measured home `i mod 17` of
/// the given day, a week later each time around.
pub(super) fn homes(document: &Document) -> Result<Vec<Home>, ProfileError> {
    let year = Measured::year()?;
    let Some(consumers) = &document.consumers else {
        return Ok(Vec::new());
    };
    let day = consumers.day;
    let profile = |hourly: &dyn Fn(usize) -> f64, sign: f64| {
        let hours: Vec<f64> = (0..HOURS).map(hourly).collect();
        let of = |t| (sign * 1_000.0 * interpolated(&hours, document.interval_minutes, t)).round();
        (0..document.horizon).map(|t| of(t) as i64).collect()
    };
    let mut homes: Vec<Home> = Vec::new();
    for producer in &document.producer {
        homes.push(Home {
            feeder: producer.feeder,
            energy_wh: profile(&|hour| producer.kwp * year.solar(day, hour), 1.0),
        });
    }
    let mut count = 0;
    for (feeder, &number) in (1..).zip(&consumers.by_feeder) {
        for _ in 0..number {
            let (home, weeks) = (count % HOMES, (count / HOMES) as u32);
            homes.push(Home {
                feeder,
                energy_wh: profile(&|hour| year.home(home, day + WEEK * weeks, hour), -1.0),
            });
            count += 1;
        }
    }
    Ok(homes)
}

/// Energy (kWh) of interval `t` when power runs straight from the middle of one hour to the next.
fn interpolated(hours: &[f64], minutes: u32, t: u32) -> f64 {
    let middle = (f64::from(t) + 0.5) * f64::from(minutes) / 60.0 - 0.5;
    let last = hours.len() - 1;
    let before = middle.floor().clamp(0.0, last as f64);
    let share = (middle - before).clamp(0.0, 1.0);
    let (from, to) = (before as usize, (before as usize + 1).min(last));
    let power = hours[from] + share * (hours[to] - hours[from]);
    power * f64::from(minutes) / 60.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_runs_straight_between_the_middles_of_hours() {
        let hours = [1.0, 3.0, 3.0];
        let quarters: Vec<f64> = (0..12).map(|t| interpolated(&hours, 15, t)).collect();
        assert_eq!(quarters[..2], [0.25, 0.25]);
        assert!((quarters[2] - 0.25 * 1.25).abs() < 1e-12, "{quarters:?}");
        assert!((quarters[5] - 0.25 * 2.75).abs() < 1e-12, "{quarters:?}");
        assert_eq!(quarters[6..], [0.75; 6]);
        let whole: Vec<f64> = (0..3).map(|t| interpolated(&hours, 60, t)).collect();
        assert_eq!(whole, hours);
    }
}
