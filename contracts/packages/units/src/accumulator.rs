//! Wide sums of products.

use crate::Fx;

/// A sum of products of [`Fx`] at full width (Q63.64): no rounding until it is read.
///
/// Exact while the sum stays within ±2⁶³; beyond it saturates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acc(i128);

impl Acc {
    /// An empty sum.
    pub const ZERO: Self = Self(0);

    /// A sum that starts at `value`.
    pub fn from_fx(value: Fx) -> Self {
        Self((value.to_bits() as i128) << 32)
    }

    /// From raw bits (value × 2⁶⁴).
    pub const fn from_bits(bits: i128) -> Self {
        Self(bits)
    }

    /// The raw bits (value × 2⁶⁴).
    pub const fn to_bits(self) -> i128 {
        self.0
    }

    /// Adds `a · b`.
    pub fn add_product(&mut self, a: Fx, b: Fx) {
        self.0 = self
            .0
            .saturating_add(a.to_bits() as i128 * b.to_bits() as i128);
    }

    /// Adds another sum.
    pub fn add(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }

    /// The sum, rounded half away from zero and saturated to the range of [`Fx`].
    pub fn to_fx(self) -> Fx {
        Fx::from_wide(self.0)
    }

    /// Whether the sum is above zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `self / other`, truncated, clamped to ±`limit`; `limit` itself when `other ≤ 0`.
    pub fn ratio(self, other: Self, limit: Fx) -> Fx {
        if other.0 <= 0 {
            return limit;
        }
        let (mut numerator, mut denominator) = (self.0, other.0);
        // Leave room for the 32 fractional bits of the quotient.
        let bits = 128 - numerator.unsigned_abs().leading_zeros();
        let excess = bits.saturating_sub(94);
        numerator >>= excess;
        denominator >>= excess;
        if denominator == 0 {
            return if self.0 < 0 { -limit } else { limit };
        }
        Fx::saturate((numerator << 32) / denominator).clamp(-limit, limit)
    }

    /// Square root of the sum, rounded down; zero for negative sums.
    pub fn sqrt(self) -> Fx {
        if self.0 <= 0 {
            return Fx::ZERO;
        }
        Fx::saturate(self.0.isqrt())
    }

    /// The sum of squares of `values`.
    pub fn norm_squared(values: &[Fx]) -> Self {
        let mut sum = Self::ZERO;
        for &value in values {
            sum.add_product(value, value);
        }
        sum
    }

    /// The inner product of `a` and `b`, over the shorter length.
    pub fn dot(a: &[Fx], b: &[Fx]) -> Self {
        let mut sum = Self::ZERO;
        for (&x, &y) in a.iter().zip(b) {
            sum.add_product(x, y);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_products_are_not_lost() {
        let mut sum = Acc::ZERO;
        let tiny = Fx::from_bits(1 << 8);
        for _ in 0..1 << 16 {
            sum.add_product(tiny, tiny);
        }
        assert_eq!(sum.to_fx(), Fx::DELTA);
    }

    #[test]
    fn ratios_beyond_the_limit_are_clamped() {
        let limit = Fx::from_int(1_000);
        let big = Acc::from_bits(i128::MAX);
        assert_eq!(big.ratio(Acc::from_bits(1), limit), limit);
        assert_eq!(
            Acc::from_bits(i128::MIN).ratio(Acc::from_bits(1), limit),
            -limit
        );
        assert_eq!(big.ratio(Acc::ZERO, limit), limit);
    }

    proptest! {
        #[test]
        fn ratio_matches_division(a in -1i64 << 50..1 << 50, b in 1i64 << 20..1 << 50) {
            let limit = Fx::from_int(1 << 30);
            let (a, b) = (Fx::from_bits(a), Fx::from_bits(b));
            let expected = (a / b).clamp(-limit, limit);
            let ratio = Acc::from_fx(a).ratio(Acc::from_fx(b), limit);
            let tolerance = Fx::from_bits(2) + expected.abs() * Fx::from_bits(1 << 6);
            prop_assert!((ratio - expected).abs() <= tolerance);
        }

        #[test]
        fn nothing_panics(a in any::<i128>(), b in any::<i128>(), x in any::<i64>()) {
            let (mut a, b) = (Acc::from_bits(a), Acc::from_bits(b));
            let _ = (a.ratio(b, Fx::from_int(9)), a.sqrt(), a.to_fx());
            a.add(b);
            a.add_product(Fx::from_bits(x), Fx::from_bits(x));
        }
    }
}
