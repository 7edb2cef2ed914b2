//! Cost of the root generator, M(6), and the marginal price it implies.

use gridweave_units::{Acc, Fx};

/// `αg² + β_t·g` per interval for `g ≥ 0`; surplus (`g < 0`) costs and earns nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerationCost {
    /// Quadratic coefficient, at least 0.
    pub alpha: Fx,
    /// Linear coefficients, one per interval, at least 0.
    pub beta: Vec<Fx>,
}

/// Marginal price near zero generation, where the cost has a kink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportRule {
    /// `β·clip(1 + g/δ, 0, 1)` for `g < 0`.
    Clip {
        /// Width `δ`.
        delta: Fx,
    },
    /// A multiplier per interval that starts at `β` and follows the price.
    Multiplier {
        /// Slope `κ`.
        kappa: Fx,
        /// Multipliers `λ_old`, one per interval.
        previous: Vec<Fx>,
    },
}

/// A marginal price and its derivative with respect to generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marginal {
    /// Price `λ`.
    pub price: Fx,
    /// Slope `dλ/dg ≥ 0`.
    pub slope: Fx,
}

impl GenerationCost {
    /// Cost of interval `t` at generation `g`.
    pub fn cost(&self, t: usize, g: Fx) -> Fx {
        let g = g.positive_part();
        (self.alpha * g + self.beta[t]) * g
    }

    /// Total cost of generation per interval.
    pub fn total(&self, generation: &[Fx]) -> Fx {
        (0..generation.len())
            .map(|t| self.cost(t, generation[t]))
            .sum()
    }

    /// `Σ_t [λ_t·g_t − (λ_t − β_t)₊²/4α]`: the generation side of the lower bound. With `α = 0`
    /// prices above `β` are cut to `β`, beyond which the conjugate is infinite.
    pub fn dual_value(&self, prices: &[Fx], generation: &[Fx]) -> Fx {
        let mut sum = Acc::ZERO;
        let mut conjugate = Fx::ZERO;
        for t in 0..generation.len() {
            let above = (prices[t] - self.beta[t]).positive_part();
            let four_alpha = Fx::from_int(4) * self.alpha;
            if four_alpha.is_positive() {
                sum.add_product(prices[t], generation[t]);
                conjugate += above.squared() / four_alpha;
            } else {
                sum.add_product(prices[t].min(self.beta[t]), generation[t]);
            }
        }
        sum.to_fx() - conjugate
    }

    /// Price and slope at generation `g` in interval `t`.
    pub fn marginal(&self, rule: &ExportRule, t: usize, g: Fx) -> Marginal {
        let two_alpha = self.alpha + self.alpha;
        let beta = self.beta[t];
        match rule {
            ExportRule::Clip { .. } if !g.is_negative() => Marginal {
                price: two_alpha * g + beta,
                slope: two_alpha,
            },
            ExportRule::Clip { delta } if g > -*delta => Marginal {
                price: beta + beta * g / *delta,
                slope: beta / *delta,
            },
            ExportRule::Clip { .. } => Marginal {
                price: Fx::ZERO,
                slope: Fx::ZERO,
            },
            ExportRule::Multiplier { kappa, previous } => {
                multiplier(two_alpha, beta, *kappa, previous[t] + *kappa * g)
            }
        }
    }
}

/// `w = λ_old + κg`: `max(0, w)` up to `β`, above it `β + (w − β)·2α/(κ + 2α)`.
fn multiplier(two_alpha: Fx, beta: Fx, kappa: Fx, w: Fx) -> Marginal {
    if !w.is_positive() {
        return Marginal {
            price: Fx::ZERO,
            slope: Fx::ZERO,
        };
    }
    if w <= beta {
        return Marginal {
            price: w,
            slope: kappa,
        };
    }
    let share = two_alpha / (kappa + two_alpha);
    Marginal {
        price: beta + (w - beta) * share,
        slope: kappa * share,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cost() -> GenerationCost {
        GenerationCost {
            alpha: Fx::from_int(5),
            beta: vec![Fx::from_int(60)],
        }
    }

    fn rules() -> [ExportRule; 2] {
        [
            ExportRule::Clip {
                delta: Fx::ratio(1, 20),
            },
            ExportRule::Multiplier {
                kappa: Fx::from_int(100),
                previous: vec![Fx::from_int(60)],
            },
        ]
    }

    #[test]
    fn surplus_is_free() {
        assert_eq!(cost().cost(0, -Fx::ONE), Fx::ZERO);
        assert_eq!(cost().cost(0, Fx::ONE), Fx::from_int(65));
    }

    #[test]
    fn a_settled_multiplier_prices_at_marginal_cost() {
        let g = Fx::from_int(2);
        let price = Fx::from_int(80);
        let rule = ExportRule::Multiplier {
            kappa: Fx::from_int(100),
            previous: vec![price],
        };
        // λ = β + 2αg is a fixed point up to the remaining step of the multiplier method.
        let next = cost().marginal(&rule, 0, g).price;
        assert!((next - price).abs() < Fx::from_int(1));
    }

    proptest! {
        #[test]
        fn prices_rise_with_generation(a in -1_000i32..1_000, step in 1i32..100) {
            for rule in rules() {
                let low = cost().marginal(&rule, 0, Fx::ratio(a, 100)).price;
                let high = cost().marginal(&rule, 0, Fx::ratio(a + step, 100)).price;
                prop_assert!(low <= high + Fx::from_bits(64));
                prop_assert!(!low.is_negative());
            }
        }
    }
}
