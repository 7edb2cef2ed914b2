//! Axes: what they show, from where to where, and which values are named.

/// Ticks that an axis has about, when it chooses them itself.
const TICKS: f64 = 6.0;

/// Which values an axis names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ticks {
    /// Round numbers.
    Nice,
    /// Multiples of this, above 0.
    Every(f64),
    /// Hours of a day as `06:00`, so many apart.
    Clock(u32),
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub(crate) title: String,
    pub(crate) range: Option<(f64, f64)>,
    pub(crate) ticks: Ticks,
}

impl Axis {
    /// An axis that shows `title`, which says the unit, as far as the data go.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            range: None,
            ticks: Ticks::Nice,
        }
    }

    /// A day from 0 to 24 hours.
    pub fn day(title: impl Into<String>) -> Self {
        Self::new(title).from_to(0.0, 24.0).ticks(Ticks::Clock(3))
    }

    /// The same axis from `low` to `high`.
    #[must_use]
    pub fn from_to(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// The same axis with other ticks.
    #[must_use]
    pub fn ticks(mut self, ticks: Ticks) -> Self {
        self.ticks = ticks;
        self
    }

    /// Values to name from `low` to `high`.
    pub(crate) fn values(&self, low: f64, high: f64) -> Vec<f64> {
        let step = self.step(low, high);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        (first..=last).map(|at| at as f64 * step).collect()
    }

    /// What stands at a value of [`Axis::values`].
    pub(crate) fn label(&self, value: f64, step: f64) -> String {
        match self.ticks {
            Ticks::Clock(_) => format!("{value:02.0}:00"),
            Ticks::Nice | Ticks::Every(_) => {
                let places = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
                let places =
                    places + usize::from((step * 10f64.powi(places as i32)).fract() > 1e-6);
                format!("{value:.places$}")
            }
        }
    }

    /// Distance of the values named.
    pub(crate) fn step(&self, low: f64, high: f64) -> f64 {
        match self.ticks {
            Ticks::Every(step) if step > 0.0 => step,
            Ticks::Clock(hours) => f64::from(hours.max(1)),
            Ticks::Every(_) | Ticks::Nice => nice((high - low) / TICKS),
        }
    }
}

/// The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is at least `step`.
fn nice(step: f64) -> f64 {
    if !step.is_finite() || step <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter();
    let fits = round
        .map(|times| times * power)
        .find(|&nice| nice >= step * (1.0 - 1e-9));
    fits.unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_range() {
        let axis = Axis::new("kWh");
        assert_eq!(
            axis.values(0.0, 60.0),
            [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
        );
        assert_eq!(axis.label(10.0, 10.0), "10");
        let labels = |low, high| -> Vec<String> {
            let step = axis.step(low, high);
            let values = axis.values(low, high).into_iter();
            values.map(|value| axis.label(value, step)).collect()
        };
        assert_eq!(
            labels(0.95, 1.0),
            ["0.95", "0.96", "0.97", "0.98", "0.99", "1.00"]
        );
        assert_eq!(axis.label(0.96, 0.01), "0.96");
        assert_eq!(axis.label(2.5, 2.5), "2.5");
        assert_eq!(axis.label(0.025, 0.025), "0.025");
    }

    #[test]
    fn days_have_clock_times() {
        let day = Axis::day("time");
        let labels: Vec<_> = day
            .values(0.0, 24.0)
            .into_iter()
            .map(|value| day.label(value, 3.0))
            .collect();
        assert_eq!(
            (labels.len(), labels[2].as_str(), labels[8].as_str()),
            (9, "06:00", "24:00")
        );
    }

    #[test]
    fn a_range_without_width_still_has_a_step() {
        assert_eq!(nice(0.0), 1.0);
        assert_eq!(nice(f64::NAN), 1.0);
    }
}
