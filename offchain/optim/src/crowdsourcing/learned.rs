//! Incentives from acceptance histories: the published estimate applied to offers and raises. The
//! operator on a chain and the simulations here use the same function.

use gridweave_rules::crowdsourcing::{Evidence, LEVELS, level_edge, level_of};

/// Prices between which an incentive is looked for (µ/kWh).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Upper end of the levels of acceptance histories.
    pub limit: u64,
    /// Largest incentive.
    pub most: u64,
    /// What the energy costs beyond `λ` if the crowd does not deliver it.
    pub fallback: u64,
}

/// The incentive above `refused` (any, at first) that is expected to cost least: with the
/// probability `p` of acceptance at `x` by the history, the least `p·x + (1 − p)·fallback` over the
/// lower edges of levels. `None` when there is no higher one within the range.
pub fn next_incentive(evidence: &Evidence, refused: Option<u64>, range: Range) -> Option<u64> {
    let first = refused.map_or(0, |incentive| level_of(incentive, range.limit) + 1);
    let edge = |level: usize| level_edge(level, range.limit);
    let one = i128::from(gridweave_units::Fx::ONE.to_bits());
    let cost = |level: usize| {
        let rate = i128::from(evidence.rate(level).to_bits());
        rate * i128::from(edge(level)) + (one - rate) * i128::from(range.fallback)
    };
    let levels = (first..LEVELS).filter(|&level| edge(level) <= range.most);
    let best = levels.min_by_key(|&level| cost(level)).map(edge);
    // The end of the range is no edge, and the last resort.
    let last = refused.filter(|&incentive| incentive < range.most);
    best.or(last.map(|_| range.most))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range {
        limit: 160_000,
        most: 120_000,
        fallback: 200_000,
    };

    #[test]
    fn a_raise_is_above_what_was_refused_and_within_the_range() {
        let mut evidence = Evidence::default();
        let mut refused = None;
        let mut seen = Vec::new();
        while let Some(next) = next_incentive(&evidence, refused, RANGE) {
            assert!(next <= RANGE.most && refused.is_none_or(|before| next > before));
            evidence.observe(level_of(next, RANGE.limit), false);
            seen.push(next);
            refused = Some(next);
        }
        assert_eq!(seen.last(), Some(&RANGE.most));
    }

    #[test]
    fn whoever_accepts_little_is_offered_little() {
        let mut easy = Evidence::default();
        for _ in 0..20 {
            easy.observe(1, true);
        }
        let first = next_incentive(&easy, None, RANGE);
        assert!(first.is_some_and(|first| first <= 10_000), "{first:?}");
    }
}
