//! From duals to a bound.

use gridweave_units::Interval;

use super::super::feeder::FeederLimits;
use super::super::objective::Objective;
use super::super::offer::{Offer, Side};
use super::{Certificate, FeederDuals, IntervalDuals};

/// Parts per million.
pub const PPM: u32 = 1_000_000;

/// A certificate that gives no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiftError {
    /// Duals so large that the bound exceeds 128 bits.
    #[error("certificate: the bound exceeds its range")]
    Overflow,
}

/// Computes the least duals of offers that fit a certificate, and adds up the bound.
#[derive(Clone, Debug)]
pub struct Lift<'a> {
    scale: u64,
    objective: Objective,
    next: Interval,
    intervals: Vec<Potentials<'a>>,
    sum: u128,
}

/// One interval's duals with the potential at each of its levels.
#[derive(Clone, Debug)]
struct Potentials<'a> {
    duals: &'a IntervalDuals,
    /// `P` from each level on.
    at: Vec<i128>,
}

impl Potentials<'_> {
    /// `P_t(R)`.
    fn potential(&self, price: u64) -> i128 {
        let levels = self.duals.levels.partition_point(|level| level.0 <= price);
        match levels.checked_sub(1) {
            Some(last) => self.at.get(last).copied().unwrap_or_default(),
            None => self.duals.base.into(),
        }
    }

    fn feeder(&self, feeder: u32) -> FeederDuals {
        let feeders = &self.duals.feeders;
        let found = feeders.binary_search_by_key(&feeder, |duals| duals.feeder);
        let duals = found.ok().and_then(|at| feeders.get(at)).copied();
        duals.unwrap_or_default()
    }
}

impl<'a> Lift<'a> {
    /// Starts with the feeders' share of the bound. `limits` of a feeder that has none are zero: its
    /// offers cannot trade. Intervals before `next` are not in the program and are passed over.
    ///
    /// # Errors
    /// [`LiftError::Overflow`].
    pub fn new(
        certificate: &'a Certificate,
        objective: Objective,
        next: Interval,
        mut limits: impl FnMut(u32) -> Option<FeederLimits>,
    ) -> Result<Self, LiftError> {
        let open = certificate.intervals.iter();
        let open = open.filter(|duals| duals.interval >= next.0);
        let mut lift = Self {
            scale: certificate.scale.max(1),
            objective,
            next,
            intervals: Vec::new(),
            sum: 0,
        };
        for duals in open {
            for feeder in &duals.feeders {
                let limits = limits(feeder.feeder).unwrap_or_default();
                lift.add_feeder(feeder, &limits)?;
            }
            let mut potential = i128::from(duals.base);
            // A message cannot carry enough levels for their sum to leave 128 bits.
            let rises = duals.levels.iter().map(|level| {
                potential = potential.saturating_add(level.1.into());
                potential
            });
            let at = rises.collect();
            lift.intervals.push(Potentials { duals, at });
        }
        Ok(lift)
    }

    /// Adds an offer: all that could trade must be added, each once. Its share is `u·E` or `w·E` with
    /// the least dual that fits.
    ///
    /// # Errors
    /// [`LiftError::Overflow`].
    pub fn add(&mut self, offer: &Offer) -> Result<(), LiftError> {
        let weight = self.objective.weight(offer, self.next);
        let weight = weight.checked_mul(self.scale.into());
        let weight = weight.ok_or(LiftError::Overflow)?;
        let mut dual = 0;
        let mut interval = offer.intervals.next_from(self.next);
        let mut at = match interval {
            Some(first) => self
                .intervals
                .partition_point(|p| p.duals.interval < first.0),
            None => return Ok(()),
        };
        while let Some(open) = interval {
            while self
                .intervals
                .get(at)
                .is_some_and(|p| p.duals.interval < open.0)
            {
                at += 1;
            }
            let potentials = self.intervals.get(at);
            let potentials = potentials.filter(|p| p.duals.interval == open.0);
            let price = potentials.map_or(0, |potentials| dearness(potentials, offer));
            dual = dual.max(weight.checked_sub(price).ok_or(LiftError::Overflow)?);
            interval = offer.intervals.next_after(open);
        }
        // Never negative: the maximum starts at 0.
        self.charge(dual.unsigned_abs(), offer.left)
    }

    /// The bound in units of the objective. It is rounded down: trades are whole watt-hours, so
    /// every solution is worth a whole number.
    pub fn bound(&self) -> u128 {
        self.sum / u128::from(self.scale)
    }

    fn add_feeder(&mut self, duals: &FeederDuals, limits: &FeederLimits) -> Result<(), LiftError> {
        let net = match duals.net >= 0 {
            true => limits.export,
            false => limits.import,
        };
        self.charge(duals.net.unsigned_abs().into(), net)?;
        self.charge(duals.consumption.into(), limits.consumption)?;
        self.charge(duals.production.into(), limits.production)
    }

    fn charge(&mut self, dual: u128, amount: u64) -> Result<(), LiftError> {
        let share = dual.checked_mul(amount.into());
        let sum = share.and_then(|share| self.sum.checked_add(share));
        self.sum = sum.ok_or(LiftError::Overflow)?;
        Ok(())
    }
}

/// What the duals charge for a Wh of an offer: `P + α + β` of a seller, `γ − P − α` of a buyer.
fn dearness(potentials: &Potentials, offer: &Offer) -> i128 {
    let feeder = potentials.feeder(offer.feeder);
    let potential = potentials.potential(offer.price);
    let shared = potential.saturating_add(feeder.net.into());
    match offer.side {
        Side::Sell => shared.saturating_add(feeder.production.into()),
        Side::Buy => i128::from(feeder.consumption).saturating_sub(shared),
    }
}

/// `objective / bound` in parts per million, rounded down; [`PPM`] when nothing can be traded. An
/// objective at or below 0 has ratio 0 unless the bound is 0 too.
pub fn ratio(objective: i128, bound: u128) -> u32 {
    if bound == 0 {
        return PPM;
    }
    let objective = u128::try_from(objective).unwrap_or(0);
    if objective >= bound {
        return PPM;
    }
    let ppm = match objective.checked_mul(PPM.into()) {
        Some(scaled) => scaled / bound,
        None => objective / bound.div_ceil(PPM.into()),
    };
    u32::try_from(ppm).unwrap_or(PPM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_round_down() {
        assert_eq!(ratio(1, 3), 333_333);
        assert_eq!(ratio(0, 0), PPM);
        assert_eq!(ratio(-5, 10), 0);
        assert_eq!(ratio(10, 10), PPM);
        assert!((499_999..=500_000).contains(&ratio(i128::MAX, u128::MAX)));
        assert!(ratio(i128::MAX - 1, i128::MAX as u128) < PPM);
    }
}
