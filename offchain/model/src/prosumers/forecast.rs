//! What homes know of the hours to come, and what they only expect.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::community::Community;

/// Hours in which most of what is known wears off.
const MEMORY_HOURS: f64 = 10.0;

/// Errors of forecasts. What is known exactly reaches from the present to the next forecast; beyond,
/// errors grow toward these standard deviations. Errors of neighbouring intervals are alike: the one
/// of an interval is `φ` times that of the interval before plus noise, with `φ = e^(−Δt/10 h)`.
/// Weather is the same for all homes, load is each home's own. Preferred shiftable profiles and the
/// tariff are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Seed; a forecast made at another time has other errors.
    pub seed: u64,
    /// Of the base load, relative.
    pub load: f64,
    /// Of renewable power, relative.
    pub sun: f64,
    /// Of the outdoor temperature (°C).
    pub outdoor_c: f64,
}

impl Forecast {
    /// The documented errors: 20 % of load and sun, 1.5 °C.
    pub fn usual(seed: u64) -> Self {
        Self {
            seed,
            load: 0.2,
            sun: 0.2,
            outdoor_c: 1.5,
        }
    }

    /// What is expected of `truth`, whose first `known` intervals are known; `time` numbers the
    /// moment at which the forecast is made. Comfort ranges bind in the known intervals.
    pub fn of(&self, truth: &Community, known: usize, time: usize) -> Community {
        let mut expected = truth.clone();
        let hours = truth.interval_hours;
        let noise = |stream: u64| Noise::new(self.seed, time as u64, stream, hours);
        let mut weather = noise(0);
        for value in expected.outdoor_temp_c.iter_mut().skip(known) {
            *value += self.outdoor_c * weather.next();
        }
        let mut sun = noise(1);
        let count = truth.horizon.saturating_sub(known);
        let sun: Vec<f64> = (0..count).map(|_| factor(self.sun * sun.next())).collect();
        for home in &mut expected.homes {
            if let Some(hvac) = &mut home.hvac {
                hvac.temp_range_intervals = Some(known);
            }
            let mut load = noise(2 + u64::from(home.home));
            for value in home.base_kw.iter_mut().skip(known) {
                *value *= factor(self.load * load.next());
            }
            if let Some(renewable) = &mut home.renewable_kw {
                let beyond = renewable.iter_mut().skip(known);
                beyond
                    .zip(&sun)
                    .for_each(|(value, factor)| *value *= factor);
            }
        }
        expected
    }
}

/// Neither load nor sun is negative, nor more than twice what it will be.
fn factor(error: f64) -> f64 {
    (1.0 + error).clamp(0.0, 2.0)
}

/// Errors that begin at 0 and grow toward a variance of 1.
struct Noise {
    rng: ChaCha8Rng,
    last: f64,
    memory: f64,
}

impl Noise {
    fn new(seed: u64, time: u64, stream: u64, hours: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Far from the streams that draw devices.
        rng.set_stream(((time + 1) << 32) | stream);
        Self {
            rng,
            last: 0.0,
            memory: (-hours / MEMORY_HOURS).exp(),
        }
    }

    fn next(&mut self) -> f64 {
        let fresh = (1.0 - self.memory * self.memory).sqrt();
        self.last = self.memory * self.last + fresh * self.standard();
        self.last
    }

    /// A normal number, of two even ones.
    fn standard(&mut self) -> f64 {
        let (a, b): (f64, f64) = (self.rng.random(), self.rng.random());
        (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prosumers::ProsumerScenario;

    fn truth() -> Community {
        let scenario = ProsumerScenario::shipped("prosumers-100").unwrap();
        scenario.build().unwrap()
    }

    #[test]
    fn the_near_future_is_known_and_the_rest_is_not() {
        let truth = truth();
        let forecast = Forecast::usual(1).of(&truth, 7, 0);
        forecast.check().unwrap();
        assert_eq!(forecast.outdoor_temp_c[..7], truth.outdoor_temp_c[..7]);
        assert_ne!(forecast.outdoor_temp_c[7], truth.outdoor_temp_c[7]);
        let pairs = forecast.homes.iter().zip(&truth.homes);
        for (expected, real) in pairs {
            assert_eq!(expected.base_kw[..7], real.base_kw[..7]);
            assert_ne!(expected.base_kw[7..], real.base_kw[7..]);
        }
        let whole = Forecast::usual(1).of(&truth, 24, 0);
        assert_eq!(whole.outdoor_temp_c, truth.outdoor_temp_c);
        assert!(whole.homes[0].hvac.unwrap().is_bound(23));
        assert!(!forecast.homes[0].hvac.unwrap().is_bound(7));
        assert_eq!(forecast, Forecast::usual(1).of(&truth, 7, 0));
        assert_ne!(forecast, Forecast::usual(1).of(&truth, 7, 1));
        assert_ne!(forecast, Forecast::usual(2).of(&truth, 7, 0));
    }

    #[test]
    fn errors_are_of_the_size_that_is_stated() {
        let truth = truth();
        let forecast = Forecast::usual(3).of(&truth, 0, 0);
        let pairs = forecast.homes.iter().zip(&truth.homes);
        // Some measured homes draw nothing at times.
        let errors: Vec<f64> = pairs
            .map(|(expected, real)| (expected.base_kw[23], real.base_kw[23]))
            .filter(|&(_, real)| real > 0.0)
            .map(|(expected, real)| expected / real - 1.0)
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        let spread = errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / errors.len() as f64;
        assert!(mean.abs() < 0.08, "{mean}");
        assert!((0.15..0.25).contains(&spread.sqrt()), "{spread}");
    }
}
