//! Days like that of the scenario, with another shortage each.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::crowd::Crowd;

/// First of the streams of the seed that days are drawn from, above those of answers.
const FIRST_STREAM: u64 = 1 << 60;

/// How far the shortage of other days is from that of the scenario's, relative.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Variation {
    /// Most by which a whole day is above or below: the weather.
    pub day: f64,
    /// Most by which a feeder's interval is, beside: demand.
    pub interval: f64,
}

impl Crowd {
    /// The same crowd on day number `day`. Day 0 is the scenario's. On any other, the shortage of a
    /// feeder in an interval is that of the scenario times `1 + w + e`: `w` is drawn once for the day,
    /// `e` for every feeder and interval, both evenly from `±` their [`Variation`]. `day` and the seed
    /// alone decide.
    #[must_use]
    pub fn on_day(&self, day: u32) -> Self {
        let mut crowd = self.clone();
        if day == 0 {
            return crowd;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(FIRST_STREAM + u64::from(day));
        let mut within = |most: f64| most * (2.0 * rng.random::<f64>() - 1.0);
        let weather = within(self.variation.day);
        for feeder in &mut crowd.feeders {
            for shortage in &mut feeder.shortage {
                *shortage *= 1.0 + weather + within(self.variation.interval);
            }
        }
        crowd
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

    fn crowd() -> Crowd {
        let scenario = Scenario::shipped("ces-56").unwrap();
        let instance = scenario.build().unwrap();
        scenario.crowd(&instance).unwrap().unwrap()
    }

    fn total(crowd: &Crowd) -> f64 {
        crowd
            .feeders
            .iter()
            .flat_map(|feeder| &feeder.shortage)
            .sum()
    }

    #[test]
    fn days_differ_within_the_variation_and_repeat() {
        let crowd = crowd();
        assert!(crowd.variation.day > 0.0 && crowd.variation.interval > 0.0);
        assert_eq!(crowd.on_day(0), crowd);
        let most = crowd.variation.day + crowd.variation.interval;
        for day in 1..30 {
            let other = crowd.on_day(day);
            assert_eq!(other, crowd.on_day(day));
            assert_ne!(other, crowd.on_day(day + 1));
            for (drawn, own) in other.feeders.iter().zip(&crowd.feeders) {
                for (drawn, own) in drawn.shortage.iter().zip(&own.shortage) {
                    assert!((drawn - own).abs() <= most * own.abs() + 1e-12);
                }
            }
        }
    }

    #[test]
    fn the_weather_is_the_same_for_a_whole_day() {
        let mut crowd = crowd();
        crowd.variation.interval = 0.0;
        let (own, drawn) = (total(&crowd), crowd.on_day(3));
        let factor = total(&drawn) / own;
        assert!(factor != 1.0);
        for (drawn, own) in drawn.feeders.iter().zip(&crowd.feeders) {
            for (drawn, own) in drawn.shortage.iter().zip(&own.shortage) {
                assert!((drawn - factor * own).abs() < 1e-9);
            }
        }
    }
}
