//! Proximal weights of a pool's rounds.

use gridweave_units::Fx;

/// Weights that grow while prices settle: small ones let answers reach far while the price is still
/// wrong, large ones hold them together once it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightSchedule {
    /// Weight of round 1 (currency per kW²).
    pub start: Fx,
    /// Factor from round to round.
    pub growth: Fx,
    /// Round after which the weight stays.
    pub last: u32,
}

impl WeightSchedule {
    /// Weight `ρ_k` of round `round` (1 first): `start·growth^(min(k, last) − 1)`.
    pub fn at(&self, round: u32) -> Fx {
        // A schedule that has grown for 64 rounds is at the limit of the numbers.
        let steps = round.min(self.last).clamp(1, 64) - 1;
        (0..steps).fold(self.start, |rho, _| rho * self.growth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_grow_to_the_last_round() {
        let schedule = WeightSchedule {
            start: Fx::ratio(1, 10),
            growth: Fx::from_int(2),
            last: 4,
        };
        let near =
            |round, expected: Fx| (schedule.at(round) - expected).abs() < Fx::ratio(1, 1_000);
        assert!(near(1, Fx::ratio(1, 10)) && near(3, Fx::ratio(4, 10)));
        assert!(near(4, Fx::ratio(8, 10)) && near(5, Fx::ratio(8, 10)));
        assert_eq!(schedule.at(u32::MAX), schedule.at(4));
        assert_eq!(schedule.at(0), schedule.at(1));
    }
}
