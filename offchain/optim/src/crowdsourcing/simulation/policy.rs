//! Ways of setting incentives.

use gridweave_rules::crowdsourcing::{Evidence, level_of};

use crate::crowdsourcing::learned::{Range, next_incentive};

/// How the operator sees one crowdsourcee in C(2). Prices in currency per pu and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stance {
    /// `η`, C(2a).
    pub eta: f64,
    /// `ζ`, C(2a).
    pub zeta: f64,
    /// First incentive, the lower end of `λᵃ` in C(2c).
    pub least: f64,
}

/// A way of setting incentives. `fallback` is what the energy costs beyond `λ` if the crowd does not
/// deliver it.
pub trait Policy {
    /// How crowdsourcee `who` is seen now.
    fn stance(&self, who: usize, fallback: f64) -> Stance;

    /// The incentive after `current` was refused, with `left` raises to follow; more than the cap is
    /// cut to it.
    fn raise(&self, who: usize, current: f64, left: u32, fallback: f64) -> f64;

    /// Learns an answer to an offer with this incentive.
    fn observe(&mut self, who: usize, incentive: f64, accepts: bool);
}

/// The same first incentive and the same step for everybody, whatever they answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedRule {
    /// First incentive.
    pub start: f64,
    /// What a raise adds.
    pub step: f64,
}

impl Policy for FixedRule {
    fn stance(&self, _: usize, _: f64) -> Stance {
        Stance {
            eta: 1.0,
            zeta: 0.0,
            least: self.start,
        }
    }

    fn raise(&self, _: usize, current: f64, _: u32, _: f64) -> f64 {
        current + self.step
    }

    fn observe(&mut self, _: usize, _: f64, _: bool) {}
}

/// The published rule: `η` and `ζ` from the history of answers, offers and raises where history says
/// that they are expected to cost least ([`next_incentive`]).
#[derive(Debug, Clone)]
pub struct LearnedRule {
    history: Vec<Evidence>,
    limit: u64,
    raises: u32,
    /// Price (currency per pu and interval) of a micro-currency unit per kWh.
    micro: f64,
}

impl LearnedRule {
    /// Nothing known of `count` crowdsourcees yet; incentives are at most `limit` (currency per pu
    /// and interval) and raised at most `raises` times, and `micro` is the price of 1 µ/kWh in these
    /// units.
    pub fn new(count: usize, limit: f64, raises: u32, micro: f64) -> Self {
        Self {
            history: vec![Evidence::default(); count],
            limit: whole(limit / micro).max(1),
            raises,
            micro,
        }
    }

    fn range(&self, fallback: f64) -> Range {
        Range {
            limit: self.limit,
            most: self.limit,
            fallback: whole(fallback / self.micro),
        }
    }

    fn evidence(&self, who: usize) -> Evidence {
        self.history.get(who).cloned().unwrap_or_default()
    }
}

impl Policy for LearnedRule {
    fn stance(&self, who: usize, fallback: f64) -> Stance {
        let evidence = self.evidence(who);
        let willingness = evidence.willingness(self.limit);
        let least =
            next_incentive(&evidence, None, self.raises, self.range(fallback)).unwrap_or_default();
        Stance {
            eta: willingness.eta.to_bits() as f64 / (1u64 << 32) as f64,
            zeta: willingness.zeta as f64 * self.micro,
            least: least as f64 * self.micro,
        }
    }

    fn raise(&self, who: usize, current: f64, left: u32, fallback: f64) -> f64 {
        let current = whole(current / self.micro);
        let next = next_incentive(
            &self.evidence(who),
            Some(current),
            left,
            self.range(fallback),
        );
        next.unwrap_or(current) as f64 * self.micro
    }

    fn observe(&mut self, who: usize, incentive: f64, accepts: bool) {
        let level = level_of(whole(incentive / self.micro), self.limit);
        if let Some(evidence) = self.history.get_mut(who) {
            evidence.observe(level, accepts);
        }
    }
}

/// The nearest whole number, at least 0.
fn whole(value: f64) -> u64 {
    value.round().max(0.0) as u64
}
