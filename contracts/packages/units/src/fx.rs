//! The fixed-point scalar of all coordination quantities.

use core::fmt;
use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};
use core::str::FromStr;

use fixed::types::I32F32;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

/// Fractional bits of [`Fx`].
const FRACTION_BITS: u32 = 32;
/// Half a unit in the last place of a product before it is shifted down.
const HALF: i128 = 1 << (FRACTION_BITS - 1);

/// A signed Q31.32 number: range ±2³¹, resolution 2⁻³².
///
/// Every operation is total: results beyond the range saturate instead of panicking, so that no
/// submitted value can abort a transaction that others depend on. Products and quotients round
/// half away from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fx(I32F32);

/// A decimal string that is not a number in the range of [`Fx`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{input}' is not a decimal number between -2147483648 and 2147483648")]
pub struct ParseFxError {
    /// The rejected text.
    pub input: String,
}

impl Fx {
    /// Zero.
    pub const ZERO: Self = Self(I32F32::ZERO);
    /// One.
    pub const ONE: Self = Self(I32F32::ONE);
    /// The largest value.
    pub const MAX: Self = Self(I32F32::MAX);
    /// The least value; its negation saturates to [`Fx::MAX`].
    pub const MIN: Self = Self(I32F32::MIN);
    /// The resolution, 2⁻³².
    pub const DELTA: Self = Self(I32F32::DELTA);

    /// From raw bits (value × 2³²).
    pub const fn from_bits(bits: i64) -> Self {
        Self(I32F32::from_bits(bits))
    }

    /// The raw bits (value × 2³²).
    pub const fn to_bits(self) -> i64 {
        self.0.to_bits()
    }

    /// From an integer.
    pub const fn from_int(value: i32) -> Self {
        Self::from_bits((value as i64) << FRACTION_BITS)
    }

    /// `numerator / denominator`, rounded half away from zero; zero denominators saturate.
    pub fn ratio(numerator: i32, denominator: i32) -> Self {
        Self::from_int(numerator) / Self::from_int(denominator)
    }

    /// The underlying number of the `fixed` crate.
    pub const fn inner(self) -> I32F32 {
        self.0
    }

    /// From a wide raw product (value × 2⁶⁴), rounded half away from zero.
    pub(crate) fn from_wide(raw: i128) -> Self {
        let magnitude = raw.unsigned_abs().saturating_add(HALF as u128) >> FRACTION_BITS;
        let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
        Self::from_bits(if raw < 0 { -magnitude } else { magnitude })
    }

    /// From raw bits that may exceed the range.
    pub(crate) fn saturate(bits: i128) -> Self {
        Self::from_bits(bits.clamp(i64::MIN as i128, i64::MAX as i128) as i64)
    }

    /// Absolute value.
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Whether the value is above zero.
    pub fn is_positive(self) -> bool {
        self > Self::ZERO
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self < Self::ZERO
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// The value's positive part, `max(0, self)`.
    pub fn positive_part(self) -> Self {
        self.max(Self::ZERO)
    }

    /// `self²`.
    pub fn squared(self) -> Self {
        self * self
    }

    /// Square root rounded down; zero for negative values.
    pub fn sqrt(self) -> Self {
        if !self.is_positive() {
            return Self::ZERO;
        }
        let root = ((self.to_bits() as u128) << FRACTION_BITS).isqrt();
        Self::saturate(root as i128)
    }
}

impl Add for Fx {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Fx {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Fx {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Mul for Fx {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::from_wide(self.to_bits() as i128 * other.to_bits() as i128)
    }
}

impl Div for Fx {
    type Output = Self;
    /// Rounds half away from zero; division by zero saturates with the sign of the numerator.
    fn div(self, other: Self) -> Self {
        let (numerator, denominator) = (self.to_bits() as i128, other.to_bits() as i128);
        if denominator == 0 {
            return match numerator.signum() {
                0 => Self::ZERO,
                1 => Self::MAX,
                _ => Self::MIN,
            };
        }
        let scaled = numerator.unsigned_abs() << FRACTION_BITS;
        let divisor = denominator.unsigned_abs();
        let magnitude = ((scaled + divisor / 2) / divisor) as i128;
        let negative = (numerator < 0) != (denominator < 0);
        Self::saturate(if negative { -magnitude } else { magnitude })
    }
}

impl AddAssign for Fx {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Fx {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl core::iter::Sum for Fx {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::ZERO, Add::add)
    }
}

impl From<I32F32> for Fx {
    fn from(value: I32F32) -> Self {
        Self(value)
    }
}

impl fmt::Display for Fx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Fx {
    type Err = ParseFxError;
    /// Rounds to the nearest representable value.
    fn from_str(text: &str) -> Result<Self, ParseFxError> {
        I32F32::from_str(text)
            .map(Self)
            .map_err(|_| ParseFxError { input: text.into() })
    }
}

impl Serialize for Fx {
    /// A decimal string, since JSON numbers lose bits in browsers.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fx {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for Fx {
    fn schema_name() -> String {
        "Fx".into()
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> schemars::schema::Schema {
        let mut schema = String::json_schema(generator).into_object();
        schema.metadata().description =
            Some("A signed Q31.32 fixed-point number as a decimal string.".into());
        schema.into()
    }
}

impl cw_schema::Schemaifier for Fx {
    fn visit_schema(visitor: &mut cw_schema::SchemaVisitor) -> cw_schema::DefinitionReference {
        String::visit_schema(visitor)
    }
}

#[cfg(test)]
#[allow(clippy::float_arithmetic)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn products_round_half_away_from_zero() {
        let half_delta = Fx::ratio(1, 2);
        assert_eq!(Fx::DELTA * half_delta, Fx::DELTA);
        assert_eq!(-Fx::DELTA * half_delta, -Fx::DELTA);
        assert_eq!(Fx::DELTA * Fx::ratio(1, 3), Fx::ZERO);
    }

    #[test]
    fn division_by_zero_saturates() {
        assert_eq!(Fx::ONE / Fx::ZERO, Fx::MAX);
        assert_eq!(-Fx::ONE / Fx::ZERO, Fx::MIN);
        assert_eq!(Fx::ZERO / Fx::ZERO, Fx::ZERO);
    }

    #[test]
    fn decimal_strings_survive_a_round_trip() {
        for bits in [0, 1, -1, 1 << 32, (1 << 31) + 12_345, i64::MAX, i64::MIN] {
            let value = Fx::from_bits(bits);
            assert_eq!(value.to_string().parse::<Fx>(), Ok(value));
        }
        assert!("12,5".parse::<Fx>().is_err());
        assert!("3e9".parse::<Fx>().is_err());
    }

    proptest! {
        #[test]
        fn no_operation_panics(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (Fx::from_bits(a), Fx::from_bits(b));
            let _ = (a + b, a - b, a * b, a / b, -a, a.abs(), a.sqrt(), a.squared());
        }

        #[test]
        fn products_stay_within_half_a_unit(a in -1e4..1e4f64, b in -1e4..1e4f64) {
            let (a, b) = (I32F32::from_num(a), I32F32::from_num(b));
            let exact = a.to_num::<f64>() * b.to_num::<f64>();
            let product = (Fx::from(a) * Fx::from(b)).inner().to_num::<f64>();
            prop_assert!((product - exact).abs() <= 0.5 / 2f64.powi(32) + exact.abs() * 1e-15);
        }

        #[test]
        fn quotients_invert_products(a in -1e3..1e3f64, b in 0.01..1e3f64) {
            let (a, b) = (Fx::from(I32F32::from_num(a)), Fx::from(I32F32::from_num(b)));
            let back = (a / b) * b;
            let tolerance = (b.abs() + Fx::ONE) * Fx::from_bits(2);
            prop_assert!((back - a).abs() <= tolerance);
        }

        #[test]
        fn roots_are_the_largest_whose_square_fits(a in 0..i64::MAX) {
            let root = Fx::from_bits(a).sqrt().to_bits() as u128;
            prop_assert!(root * root <= (a as u128) << 32);
            prop_assert!((root + 1) * (root + 1) > (a as u128) << 32);
        }
    }
}
