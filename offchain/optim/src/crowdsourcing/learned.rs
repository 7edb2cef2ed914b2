//! Incentives from acceptance histories: the published estimate applied to offers and raises. The
//! operator on a chain and the simulations here use the same function.

use gridweave_rules::crowdsourcing::{Evidence, LEVELS, level_edge, level_of};
use gridweave_units::Fx;

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

/// The next of at most `1 + raises` rising offers that together are expected to cost least, above
/// the incentive that was `refused`, if one was. `None` when there is no higher one within the
/// range.
///
/// With the estimated probabilities of acceptance `p_j` at the lower edges `x_j` of levels, which
/// rise with `j`, offers at the levels `j_0 < j_1 < …` cost
/// `Σ_k (p_{j_k} − p_{j_{k−1}})·x_{j_k} + (1 − p_last)·fallback`.
pub fn next_incentive(
    evidence: &Evidence,
    refused: Option<u64>,
    raises: u32,
    range: Range,
) -> Option<u64> {
    let edge = |level: usize| level_edge(level, range.limit);
    let above = |level: &usize| refused.is_none_or(|incentive| edge(*level) > incentive);
    let levels = (0..LEVELS).filter(|level| edge(*level) <= range.most);
    let rungs: Vec<Rung> = levels
        .filter(above)
        .map(|level| Rung {
            incentive: edge(level),
            rate: i128::from(evidence.rate(level).to_bits()),
        })
        .collect();
    let before = refused.map_or(0, |incentive| {
        let level = level_of(incentive, range.limit);
        i128::from(evidence.rate(level).to_bits())
    });
    let best = cheapest(&rungs, before, raises, i128::from(range.fallback));
    // The end of the range is no edge, and the last resort.
    let last = refused.filter(|&incentive| incentive < range.most);
    best.or(last.map(|_| range.most))
}

/// An incentive that may be offered, and the probability that it is accepted (in 2⁻³²).
struct Rung {
    incentive: u64,
    rate: i128,
}

/// First of the cheapest rising offers, when those refused before were accepted with probability
/// `before`.
fn cheapest(rungs: &[Rung], before: i128, raises: u32, fallback: i128) -> Option<u64> {
    let one = i128::from(Fx::ONE.to_bits());
    let step = |from: i128, rung: &Rung| (rung.rate - from).max(0) * i128::from(rung.incentive);
    // What is still to pay once a rung is refused, with more and more offers left.
    let given_up = |rung: &Rung| (one - rung.rate) * fallback;
    let mut to_go: Vec<i128> = rungs.iter().map(given_up).collect();
    for _ in 0..raises.min(LEVELS as u32) {
        let cost = |at: usize| {
            let later =
                (at + 1..rungs.len()).map(|next| step(rungs[at].rate, &rungs[next]) + to_go[next]);
            later.fold(given_up(&rungs[at]), i128::min)
        };
        to_go = (0..rungs.len()).map(cost).collect();
    }
    let cost = |at: &usize| step(before, &rungs[*at]) + to_go[*at];
    let first = (0..rungs.len()).min_by_key(cost);
    first.map(|at| rungs[at].incentive)
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
        while let Some(next) = next_incentive(&evidence, refused, 2, RANGE) {
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
        let first = next_incentive(&easy, None, 2, RANGE);
        assert!(first.is_some_and(|first| first <= 10_000), "{first:?}");
    }

    #[test]
    fn who_may_raise_begins_lower() {
        let evidence = Evidence::default();
        let first = |raises| next_incentive(&evidence, None, raises, RANGE).unwrap();
        assert!(first(2) < first(1) && first(1) < first(0));
    }

    /// All sequences of offers, one by one.
    #[test]
    fn no_other_offers_are_expected_to_cost_less() {
        let mut evidence = Evidence::default();
        for (level, accepts) in [(3, false), (9, true), (5, false), (7, true), (6, true)] {
            evidence.observe(level, accepts);
        }
        let one = i128::from(Fx::ONE.to_bits());
        let rate = |level: usize| i128::from(evidence.rate(level).to_bits());
        let x = |level: usize| i128::from(level_edge(level, RANGE.limit));
        let cost = |offers: &[usize]| {
            let (mut cost, mut before) = (0, 0);
            for &level in offers {
                cost += (rate(level) - before) * x(level);
                before = rate(level);
            }
            cost + (one - before) * i128::from(RANGE.fallback)
        };
        let mut best = (i128::MAX, 0);
        for first in 0..13 {
            for second in first + 1..13 {
                for third in second + 1..13 {
                    for offers in [&[first][..], &[first, second], &[first, second, third]] {
                        best = best.min((cost(offers), first));
                    }
                }
            }
        }
        let found = next_incentive(&evidence, None, 2, RANGE);
        assert_eq!(found, Some(level_edge(best.1, RANGE.limit)));
    }
}
