//! From a schedule in per unit to energies and prices.

use gridweave_units::{Energy, Fx, Price};

/// One per unit in raw bits of [`Fx`].
const ONE: i128 = 1 << 32;
/// µ per currency unit × Wh per kWh.
const MICRO_PER_KWH: i128 = 1_000_000_000;

/// Energy (Wh in one interval) of a scheduled power (per unit), when one per unit over one interval
/// is `unit` Wh; rounded half away from zero. `None` beyond the range.
pub fn energy_of(power: Fx, unit: u64) -> Option<Energy> {
    let scaled = i128::from(power.to_bits()).checked_mul(i128::from(unit))?;
    i64::try_from(nearest(scaled, ONE)?).ok().map(Energy)
}

/// Price (µ/kWh) of a dual (currency per unit of power and interval), when one per unit over one
/// interval is `unit` Wh: `dual·10⁶·1000/unit`, rounded half away from zero. `None` beyond the
/// range and for a unit of zero.
pub fn price_of(dual: Fx, unit: u64) -> Option<Price> {
    let scaled = i128::from(dual.to_bits()).checked_mul(MICRO_PER_KWH)?;
    let divisor = ONE.checked_mul(i128::from(unit))?;
    i64::try_from(nearest(scaled, divisor)?).ok().map(Price)
}

/// `numerator / divisor` (above zero), rounded half away from zero.
fn nearest(numerator: i128, divisor: i128) -> Option<i128> {
    let quotient = numerator.checked_div(divisor)?;
    let rest = numerator.checked_rem(divisor)?;
    if rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) {
        quotient.checked_add(rest.signum())
    } else {
        Some(quotient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_megawatt_hour_per_unit() {
        // 0.1 pu of 1 MWh is 100 kWh; 45 currency/MWh are 0.045/kWh, so 45,000 µ/kWh.
        assert_eq!(
            energy_of(Fx::ratio(1, 10), 1_000_000),
            Some(Energy(100_000))
        );
        assert_eq!(price_of(Fx::from_int(45), 1_000_000), Some(Price(45_000)));
        assert_eq!(price_of(Fx::from_int(-45), 250_000), Some(Price(-180_000)));
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(energy_of(Fx::ratio(1, 2), 3), Some(Energy(2)));
        assert_eq!(energy_of(-Fx::ratio(1, 2), 3), Some(Energy(-2)));
        assert_eq!(energy_of(Fx::ratio(1, 4), 1), Some(Energy(0)));
        assert_eq!(price_of(Fx::ONE, 2_000_000_000), Some(Price(1)));
        assert_eq!(price_of(Fx::ONE, 2_000_000_001), Some(Price(0)));
    }

    #[test]
    fn the_limits_are_refused_not_wrapped() {
        assert_eq!(energy_of(Fx::MIN, u64::MAX), None);
        assert_eq!(energy_of(Fx::MAX, 1 << 33), None);
        assert_eq!(price_of(Fx::MAX, 0), None);
        assert_eq!(price_of(Fx::MAX, 1), Some(Price(2_147_483_648_000_000_000)));
        assert_eq!(price_of(Fx::MIN, u64::MAX), Some(Price(0)));
    }

    proptest! {
        #[test]
        fn conversions_never_panic(bits in any::<i64>(), unit in any::<u64>()) {
            let value = Fx::from_bits(bits);
            let _ = (energy_of(value, unit), price_of(value, unit));
        }
    }
}
