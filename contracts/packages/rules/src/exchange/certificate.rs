//! The certified optimality gap.
//!
//! At prices `π` from a plan `y` with energy price `λ` and voltage multipliers `ν`, the optimum is
//! at least `Σ_t[λg − (λ − β)₊²/4α] − Σ_i(h_i − π_i·y_i) − Σν·(v − limit)` where `h_i` bounds the
//! participant's best response `max π_i·x − f_i(x)`.

use gridweave_units::{Acc, Fx};

use super::plan::Evaluation;
use super::problem::Problem;

/// Rounding allowance per participant and interval (2⁻²⁴): far above what the sums can lose.
const ALLOWANCE: Fx = Fx::from_bits(1 << 8);

/// Relative excess of a bound over a cost that rounding can explain (2⁻²⁰).
const VOID_BELOW: Fx = Fx::from_bits(1 << 12);

/// The part of the bound that does not depend on claims; subtract the claims `Σ h_i` to get the
/// bound. `plans` are `(bus, T numbers)` per participant. Rounded down.
pub fn lower_bound_base(
    problem: &Problem,
    evaluation: &Evaluation,
    plans: &[(usize, Vec<Fx>)],
) -> Fx {
    let mut base = problem
        .cost
        .dual_value(&evaluation.energy, &evaluation.generation)
        - evaluation.slackness;
    for (bus, plan) in plans {
        base += Acc::dot(&evaluation.prices(*bus), plan).to_fx();
    }
    let cells = (plans.len() + 1).saturating_mul(problem.horizon());
    base - ALLOWANCE * Fx::from_int(i32::try_from(cells).unwrap_or(i32::MAX))
}

/// `Σ_t max(π·lower, π·upper)`: a bound on a silent participant's best response.
pub fn box_support(prices: &[Fx], lower: &[Fx], upper: &[Fx]) -> Fx {
    let mut sum = Acc::ZERO;
    for ((&price, &low), &high) in prices.iter().zip(lower).zip(upper) {
        sum.add_product(price, if price.is_negative() { low } else { high });
    }
    sum.to_fx() + Fx::DELTA
}

/// `(cost − bound)/cost`, rounded up; `None` when the cost is not above zero, or when the bound is
/// above the cost by more than rounding: then some claim behind it was false.
pub fn relative_gap(cost: Fx, bound: Fx) -> Option<Fx> {
    if !cost.is_positive() {
        return None;
    }
    let gap = (cost - bound) / cost + Fx::DELTA;
    (gap >= -VOID_BELOW).then(|| gap.positive_part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_above_the_cost_certifies_nothing() {
        let cost = Fx::from_int(100);
        let gap = relative_gap(cost, Fx::from_int(99)).expect("a bound below the cost");
        assert!((gap - Fx::ratio(1, 100)).abs() <= Fx::from_bits(2));
        assert_eq!(relative_gap(cost, Fx::from_int(101)), None);
        assert_eq!(relative_gap(Fx::ZERO, Fx::ZERO), None);
        assert!(relative_gap(cost, cost + Fx::from_bits(64)).is_some());
    }
}
