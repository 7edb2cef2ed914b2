//! Device schedules of one bus.

/// What the devices of one bus do, summed over the devices of a kind. Every vector but
/// [`deferrable_starts`](Self::deferrable_starts) has one entry per interval.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteSchedule {
    /// Battery charging power `c ≥ 0` (pu, drawn from the grid), M(7b).
    pub charge: Vec<f64>,
    /// Battery discharging power `d ≥ 0` (pu, injected), M(7c).
    pub discharge: Vec<f64>,
    /// Energy stored in the batteries at the end of each interval (pu·h), M(7e).
    pub soc: Vec<f64>,
    /// Shapable load (pu, consumption positive), M(8).
    pub shapable: Vec<f64>,
    /// Deferrable load `Φd` (pu, consumption positive), M(9).
    pub deferrable: Vec<f64>,
    /// Output of the local generators (pu, injection positive), M(6).
    pub generation: Vec<f64>,
    /// Per deferrable load and delay `0..=max_delay`: the fraction started at that delay, the
    /// increment of the departure process `d` of M(9). Sums to 1 for each load.
    pub deferrable_starts: Vec<Vec<f64>>,
}

impl SiteSchedule {
    /// A schedule of `horizon` intervals in which nothing runs and no load is deferrable.
    pub fn idle(horizon: usize) -> Self {
        let zeros = vec![0.0; horizon];
        Self {
            charge: zeros.clone(),
            discharge: zeros.clone(),
            soc: zeros.clone(),
            shapable: zeros.clone(),
            deferrable: zeros.clone(),
            generation: zeros,
            deferrable_starts: vec![],
        }
    }

    /// The controllable part of the bus's net injection (pu, injection positive) per interval.
    pub fn injection(&self) -> Vec<f64> {
        (0..self.charge.len())
            .map(|t| {
                self.discharge[t] + self.generation[t]
                    - self.charge[t]
                    - self.shapable[t]
                    - self.deferrable[t]
            })
            .collect()
    }

    /// Adds `weight` times `other`, a schedule of the same devices; the devices' sets are convex,
    /// so a convex combination of feasible schedules is feasible.
    pub fn add_scaled(&mut self, weight: f64, other: &SiteSchedule) {
        let mine = [
            &mut self.charge,
            &mut self.discharge,
            &mut self.soc,
            &mut self.shapable,
            &mut self.deferrable,
            &mut self.generation,
        ];
        let theirs = [
            &other.charge,
            &other.discharge,
            &other.soc,
            &other.shapable,
            &other.deferrable,
            &other.generation,
        ];
        for (mine, theirs) in mine.into_iter().zip(theirs) {
            add_scaled(mine, weight, theirs);
        }
        let delays = other.deferrable_starts.iter().map(Vec::len);
        for (load, count) in delays.enumerate() {
            if self.deferrable_starts.len() == load {
                self.deferrable_starts.push(vec![0.0; count]);
            }
            add_scaled(
                &mut self.deferrable_starts[load],
                weight,
                &other.deferrable_starts[load],
            );
        }
    }
}

/// `a += weight·b`.
pub(crate) fn add_scaled(a: &mut [f64], weight: f64, b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += weight * b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(level: f64) -> SiteSchedule {
        SiteSchedule {
            charge: vec![level, 0.0],
            discharge: vec![0.0, 2.0 * level],
            soc: vec![level, 0.0],
            shapable: vec![0.1, 0.2],
            deferrable: vec![0.0, level],
            generation: vec![0.3, 0.0],
            deferrable_starts: vec![vec![level, 1.0 - level]],
        }
    }

    #[test]
    fn injection_counts_consumption_negative() {
        let injection = sample(1.0).injection();
        assert!((injection[0] - (0.3 - 1.0 - 0.1)).abs() < 1e-15);
        assert!((injection[1] - (2.0 - 0.2 - 1.0)).abs() < 1e-15);
    }

    #[test]
    fn a_mix_starts_from_idle() {
        let mut mix = SiteSchedule::idle(2);
        mix.add_scaled(0.25, &sample(1.0));
        mix.add_scaled(0.75, &sample(0.0));
        assert_eq!(mix.deferrable_starts, vec![vec![0.25, 0.75]]);
        assert!((mix.discharge[1] - 0.5).abs() < 1e-15);
        assert!((mix.shapable[0] - 0.1).abs() < 1e-15);
    }
}
