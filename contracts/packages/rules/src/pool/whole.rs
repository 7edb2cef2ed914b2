//! A balanced plan in whole watt-hours.

use gridweave_units::{Energy, Fx};

/// Fractional bits of [`Fx`].
const FRACTION_BITS: u32 = 32;
/// Half a watt-hour, in the unit of the carry.
const HALF: i128 = 1 << (FRACTION_BITS - 1);

/// Energy (Wh in one interval) of a member's power, when one of power over one interval is `unit` Wh,
/// with what the rounding of the members before it has left over (2⁻³² Wh); returns the energy and
/// what is left over then, at most half a watt-hour.
///
/// Members are taken in order, from a carry of 0. Every prefix of their energies is then the nearest
/// to that of their powers, so that energies sum to zero if powers do but for less than half a
/// watt-hour. `None` beyond the range.
pub fn whole(power: Fx, unit: u64, carry: i64) -> Option<(Energy, i64)> {
    let exact = i128::from(power.to_bits())
        .checked_mul(i128::from(unit))?
        .checked_add(i128::from(carry))?;
    let nearest = exact.checked_add(HALF)? >> FRACTION_BITS;
    let left = exact.checked_sub(nearest << FRACTION_BITS)?;
    let energy = i64::try_from(nearest).ok()?;
    Some((Energy(energy), i64::try_from(left).ok()?))
}

/// Energies of a member's powers, one per interval, with the carries of the intervals (see [`whole`]);
/// `None` beyond the range, where the carry stays. Before the first member `carries` is empty.
pub fn whole_row(powers: &[Fx], unit: u64, carries: &mut Vec<i64>) -> Vec<Option<Energy>> {
    carries.resize(powers.len(), 0);
    let pairs = powers.iter().zip(carries);
    let energies = pairs.map(|(&power, carry)| {
        let (energy, left) = whole(power, unit, *carry)?;
        *carry = left;
        Some(energy)
    });
    energies.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_take_turns() {
        let mut carry = 0;
        let mut energies = Vec::new();
        for power in [1, 1, 1, -3].map(|part| Fx::ratio(part, 3)) {
            let (energy, left) = whole(power, 100, carry).unwrap();
            (carry, energies) = (left, [energies, vec![energy.0]].concat());
        }
        assert_eq!(energies, [33, 34, 33, -100]);
    }

    #[test]
    fn every_interval_has_its_own_carry() {
        let half = Fx::ratio(1, 2);
        let mut carries = Vec::new();
        let first = whole_row(&[half, Fx::MAX, Fx::ONE], 1, &mut carries);
        assert_eq!(
            first,
            [Some(Energy(1)), Some(Energy(1 << 31)), Some(Energy(1))]
        );
        let beyond = whole_row(&[half, Fx::MAX, half], u64::MAX, &mut carries);
        assert_eq!((beyond[1], carries[1]), (None, -1));
        assert_eq!(carries[0], -1 << 31);
    }

    #[test]
    fn the_limits_are_refused_not_wrapped() {
        assert_eq!(whole(Fx::MAX, u64::MAX, i64::MAX), None);
        assert_eq!(whole(Fx::MIN, 1 << 33, 0), None);
        assert_eq!(whole(Fx::MIN, 1, 0), Some((Energy(-(1 << 31)), 0)));
    }

    proptest! {
        #[test]
        fn whole_plans_balance(parts in prop::collection::vec(-1i64 << 36..1 << 36, 1..50), unit in 1u64..100_000) {
            let mut powers: Vec<Fx> = parts.iter().map(|&bits| Fx::from_bits(bits)).collect();
            powers.push(-powers.iter().copied().sum::<Fx>());
            let (mut carry, mut sum) = (0, 0);
            for &power in &powers {
                let (energy, left) = whole(power, unit, carry).unwrap();
                let exact = i128::from(power.to_bits()) * i128::from(unit);
                prop_assert!((exact - (i128::from(energy.0) << 32)).abs() <= 2 * HALF);
                carry = left;
                sum += energy.0;
            }
            prop_assert_eq!(sum, 0);
        }
    }
}
