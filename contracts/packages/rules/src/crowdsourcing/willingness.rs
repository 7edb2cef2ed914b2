//! How willing a crowdsourcee is, learned from its answers: `η` and `ζ` of C(2a), line 9 of
//! algorithm 1.
//!
//! # The rule
//! Incentives from 0 to the contract's limit `I` are divided into [`LEVELS`] levels of equal width.
//! Who accepts at a level would have accepted at every higher one, who refuses would have refused at
//! every lower one. So an acceptance at level `k` counts for all levels `j ≥ k`, a refusal (declined or
//! not answered) for all `j ≤ k`. Before each answer all earlier evidence fades by 1/16. With
//! acceptances `a_j`, refusals `r_j` and a prior worth two answers that rises linearly to 1,
//!
//! ```text
//! p_j = (a_j + 2(j + 1)/16) / (a_j + r_j + 2)         probability of acceptance, rises with j
//! p̄   = Σ_j p_j / 16
//! η   = 1 / max(p̄, 1/8)                               1 to 8
//! ζ   = I·p̄                                           µ/kWh
//! ```
//!
//! In C(2a) a crowdsourcee that seldom accepts then weighs more per unit paid, and one that accepts
//! readily is held closer to its equilibrium. The *reservation*, the least incentive with `p_j ≥ 1/2`,
//! is a lower end for `λᵃ` in C(2c): without one the linearised program sets every `y = λᵃu` to 0.

use gridweave_units::Fx;

/// Levels of incentive.
pub const LEVELS: usize = 16;
/// Weight of one fresh answer: 2¹⁶.
pub const UNIT: u32 = 1 << 16;
/// All evidence fades by one of so many parts with each answer.
const FADE: u32 = 16;
/// Answers that the prior is worth.
const PRIOR: u128 = 2;
/// Least mean acceptance that `η` distinguishes: 1/8.
const LEAST_MEAN: i64 = Fx::ONE.to_bits() / 8;

/// Level of an incentive when `limit` (above 0) is the largest (µ/kWh); larger ones are of the last.
pub fn level_of(incentive: u64, limit: u64) -> usize {
    let scaled = u128::from(incentive) * LEVELS as u128;
    let level = scaled.checked_div(limit.into()).unwrap_or_default();
    usize::try_from(level).map_or(LEVELS - 1, |level| level.min(LEVELS - 1))
}

/// Least incentive (µ/kWh) of a level.
pub fn level_edge(level: usize, limit: u64) -> u64 {
    let scaled = u128::from(limit) * level.min(LEVELS) as u128;
    u64::try_from(scaled.div_ceil(LEVELS as u128)).unwrap_or(limit)
}

/// What the answers of a crowdsourcee say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Answers counted, at most the largest number there is.
    pub answers: u32,
    /// Weight of acceptances by level, in [`UNIT`]; rises with the level, at most 16.
    pub accepted: [u32; LEVELS],
    /// Weight of refusals by level, in [`UNIT`]; falls with the level, at most 16.
    pub refused: [u32; LEVELS],
}

impl Evidence {
    /// Counts an answer to an offer at `level`.
    pub fn observe(&mut self, level: usize, accepts: bool) {
        self.answers = self.answers.saturating_add(1);
        for at in 0..LEVELS {
            fade(&mut self.accepted[at]);
            fade(&mut self.refused[at]);
            if accepts && at >= level {
                self.accepted[at] = self.accepted[at].saturating_add(UNIT);
            } else if !accepts && at <= level {
                self.refused[at] = self.refused[at].saturating_add(UNIT);
            }
        }
    }

    /// `p_j`: probability that an offer at this level is accepted, 0 to 1; rises with the level.
    pub fn rate(&self, level: usize) -> Fx {
        let at = level.min(LEVELS - 1);
        let (accepted, refused) = (u128::from(self.accepted[at]), u128::from(self.refused[at]));
        let unit = u128::from(UNIT);
        let prior = PRIOR * unit * (at as u128 + 1) / LEVELS as u128;
        let share = ((accepted + prior) << 32) / (accepted + refused + PRIOR * unit);
        Fx::from_bits(
            i64::try_from(share)
                .unwrap_or(i64::MAX)
                .min(Fx::ONE.to_bits()),
        )
    }

    /// All rates, ascending.
    pub fn rates(&self) -> [Fx; LEVELS] {
        std::array::from_fn(|level| self.rate(level))
    }

    /// The parameters of C(2) when `limit` is the largest incentive (µ/kWh).
    pub fn willingness(&self, limit: u64) -> Willingness {
        let rates = self.rates();
        let sum: i64 = rates.iter().map(|rate| rate.to_bits()).sum();
        let mean = sum / LEVELS as i64;
        let half = Fx::ONE.to_bits() / 2;
        let enough = rates.iter().position(|rate| rate.to_bits() >= half);
        let zeta = (u128::from(limit) * u128::from(mean.unsigned_abs())) >> 32;
        Willingness {
            eta: Fx::ONE / Fx::from_bits(mean.max(LEAST_MEAN)),
            zeta: u64::try_from(zeta).unwrap_or(limit),
            reservation: enough.map_or(limit, |level| level_edge(level, limit)),
        }
    }

    /// The incentive (µ/kWh, at most `cap`) that is expected to cost least when what is not accepted
    /// costs `fallback` (µ/kWh) beyond `λ`: the edge `x_j` that minimises `p_j·x_j + (1 − p_j)·fallback`,
    /// the least of several.
    pub fn first_offer(&self, limit: u64, cap: u64, fallback: u64) -> u64 {
        let one = i128::from(Fx::ONE.to_bits());
        let cost = |level: usize| {
            let rate = i128::from(self.rate(level).to_bits());
            rate * i128::from(level_edge(level, limit)) + (one - rate) * i128::from(fallback)
        };
        let offered = (0..LEVELS).filter(|level| level_edge(*level, limit) <= cap);
        let best = offered.min_by_key(|level| cost(*level));
        best.map_or(0, |level| level_edge(level, limit))
    }
}

/// Parameters of a crowdsourcee in C(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Willingness {
    /// `η`, 1 to 8.
    pub eta: Fx,
    /// `ζ` (µ/kWh).
    pub zeta: u64,
    /// Least incentive (µ/kWh) that is accepted half of the time; the limit when none is.
    pub reservation: u64,
}

fn fade(weight: &mut u32) {
    *weight = (u64::from(*weight) * u64::from(FADE - 1) / u64::from(FADE)) as u32;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: u64 = 160_000;

    fn history(answers: &[(usize, bool)]) -> Evidence {
        let mut evidence = Evidence::default();
        for (level, accepts) in answers {
            evidence.observe(*level, *accepts);
        }
        evidence
    }

    #[test]
    fn levels_divide_the_range_of_incentives() {
        assert_eq!(level_of(0, LIMIT), 0);
        assert_eq!(level_of(9_999, LIMIT), 0);
        assert_eq!(level_of(10_000, LIMIT), 1);
        assert_eq!(level_of(u64::MAX, LIMIT), LEVELS - 1);
        assert_eq!(level_edge(3, LIMIT), 30_000);
        assert_eq!(level_edge(LEVELS, u64::MAX), u64::MAX);
    }

    #[test]
    fn nothing_is_known_before_the_first_answer() {
        let fresh = Evidence::default();
        assert_eq!(fresh.rate(0), Fx::ratio(1, 16));
        assert_eq!(fresh.rate(LEVELS - 1), Fx::ONE);
        let willingness = fresh.willingness(LIMIT);
        // p̄ = 17/32.
        assert_eq!(willingness.zeta, 85_000);
        assert_eq!(willingness.reservation, 70_000);
        let eta = (willingness.eta - Fx::ratio(32, 17)).abs();
        assert!(eta <= Fx::from_bits(8), "{eta}");
    }

    #[test]
    fn a_reservation_is_found_by_answers() {
        // Accepts from level 5 on, refuses below.
        let answers: Vec<(usize, bool)> = (0..40).map(|n| (3 + n % 4, 3 + n % 4 >= 5)).collect();
        let evidence = history(&answers);
        assert_eq!(evidence.willingness(LIMIT).reservation, 50_000);
        assert_eq!(evidence.first_offer(LIMIT, LIMIT, 100_000), 50_000);
        // Cheaper to let a generator do it.
        assert_eq!(evidence.first_offer(LIMIT, LIMIT, 1_000), 0);
        assert!(evidence.first_offer(LIMIT, 45_000, 150_000) <= 45_000);
    }

    #[test]
    fn whoever_always_refuses_costs_most_and_is_left_alone() {
        let never = history(&[(LEVELS - 1, false); 100]).willingness(LIMIT);
        let always = history(&[(0, true); 100]).willingness(LIMIT);
        assert!(never.eta > Fx::from_int(7) && always.eta < Fx::ratio(5, 4));
        assert!(never.zeta < LIMIT / 8 && always.zeta > LIMIT * 8 / 10);
        assert_eq!((never.reservation, always.reservation), (LIMIT, 0));
    }

    fn answers() -> impl Strategy<Value = Vec<(usize, bool)>> {
        proptest::collection::vec((0..LEVELS, any::<bool>()), 1..60)
    }

    proptest! {
        #[test]
        fn edges_belong_to_their_levels(level in 0..LEVELS, limit in 16u64..) {
            let edge = level_edge(level, limit);
            prop_assert_eq!(level_of(edge, limit), level);
            prop_assert!(edge == 0 || level_of(edge - 1, limit) < level);
        }

        #[test]
        fn everything_is_bounded_and_rates_rise(answers in answers(), limit in 1u64.., cap in any::<u64>()) {
            let evidence = history(&answers);
            let rates = evidence.rates();
            prop_assert!(rates.is_sorted());
            prop_assert!(rates.iter().all(|rate| *rate >= Fx::ZERO && *rate <= Fx::ONE));
            let most = evidence.accepted.iter().chain(&evidence.refused).max();
            prop_assert!(most.is_some_and(|most| *most <= 16 * UNIT));
            let willingness = evidence.willingness(limit);
            prop_assert!(willingness.eta >= Fx::ONE && willingness.eta <= Fx::from_int(8));
            prop_assert!(willingness.zeta <= limit && willingness.reservation <= limit);
            prop_assert!(evidence.first_offer(limit, cap, limit) <= cap.min(limit));
        }

        #[test]
        fn an_acceptance_never_makes_less_willing(answers in answers(), at in any::<proptest::sample::Index>()) {
            let at = at.index(answers.len());
            let with = |accepts| {
                let mut answers = answers.clone();
                answers[at].1 = accepts;
                history(&answers)
            };
            let (refused, accepted) = (with(false), with(true));
            for level in 0..LEVELS {
                prop_assert!(refused.rate(level) <= accepted.rate(level));
            }
            let (less, more) = (refused.willingness(LIMIT), accepted.willingness(LIMIT));
            prop_assert!(more.eta <= less.eta && more.zeta >= less.zeta);
            prop_assert!(more.reservation <= less.reservation);
        }
    }
}
