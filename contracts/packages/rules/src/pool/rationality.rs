//! Nobody is worse off than alone, whatever round a session ends in.
//!
//! Under exact duals every member gains, since `x = 0` was among its choices. A session that stops
//! early has prices and plans that are only nearly dual to each other, so that a member can lose a
//! little; what all gain together pays for it.

use gridweave_units::{Acc, Fx};

/// Largest gain or loss (µ) and largest number of members that are computed with: products stay
/// within 127 bits.
const LARGEST: i64 = 1 << 56;
const MOST: usize = 1 << 14;
/// µ per unit of currency.
const MICRO: i128 = 1_000_000;
/// Fractional bits of [`Acc`].
const WIDE_BITS: u32 = 64;

/// What a member gains (µ, rounded down) by its plan `y` (kW) paid at price `p` (currency per kW and
/// interval) against staying alone: `alone − cost + p·y`. `None` beyond ±2⁵⁶ µ.
pub fn gain(alone: Fx, cost: Fx, price: &[Fx], plan: &[Fx]) -> Option<i64> {
    let mut value = Acc::dot(price, plan);
    value.add(Acc::from_fx(alone));
    value.add(Acc::from_fx(-cost));
    let micro = value.to_bits().checked_mul(MICRO)? >> WIDE_BITS;
    i64::try_from(micro).ok().filter(fits)
}

/// Side payment (µ, positive to the member) of a member that gains `gain`, where winners gain `gained`
/// and losers lose `lost` in all: the same as in [`side_payments`], from two totals. `None` when
/// `lost > gained`, and beyond the limits given there.
pub fn side_payment(gain: i64, gained: u128, lost: u128) -> Option<i64> {
    let most = (LARGEST as u128) * MOST as u128;
    if lost > gained || gained > most || !fits(&gain) {
        return None;
    }
    if gain <= 0 {
        return Some(-gain);
    }
    // At most the gain, since `lost ≤ gained`.
    let part = (u128::from(gain.unsigned_abs()) * lost).div_ceil(gained.max(1));
    i64::try_from(part).ok().map(|part| -part)
}

/// Side payments (µ, positive to the member) after which no member has lost, given what each gains by
/// its plan and the payments for it (µ, negative if it loses).
///
/// Losers get exactly what they miss. Winners pay in proportion to what they gain, rounded up, and
/// never more than that; what the rounding leaves, less than one µ a winner, goes to the reserve.
/// `None` when all gain less than nothing together, and nobody should trade; also for gains beyond
/// ±2⁵⁶ µ or more than 2¹⁴ members.
pub fn side_payments(gains: &[i64]) -> Option<Vec<i64>> {
    if gains.len() > MOST || !gains.iter().all(fits) {
        return None;
    }
    let sum = |positive: bool| -> u128 {
        let chosen = gains.iter().filter(|&&gain| (gain > 0) == positive);
        chosen.map(|gain| u128::from(gain.unsigned_abs())).sum()
    };
    let (gained, lost) = (sum(true), sum(false));
    if lost > gained {
        return None;
    }
    let payments = gains.iter().map(|&gain| side_payment(gain, gained, lost));
    payments.collect()
}

fn fits(gain: &i64) -> bool {
    (-LARGEST..=LARGEST).contains(gain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn winners_pay_in_proportion() {
        assert_eq!(side_payments(&[60, 30, -9]), Some(vec![-6, -3, 9]));
        assert_eq!(side_payments(&[1, 1, -1]), Some(vec![-1, -1, 1]));
        assert_eq!(side_payments(&[5, 0]), Some(vec![0, 0]));
        assert_eq!(side_payments(&[5, -6]), None);
        assert_eq!(side_payments(&[]), Some(vec![]));
        assert_eq!(side_payments(&[i64::MAX]), None);
    }

    #[test]
    fn a_gain_is_rounded_down_and_limited() {
        let (half, one) = (Fx::ratio(1, 2), Fx::ONE);
        // Alone 1, with the plan 0.5 less 0.5 · 1 earned.
        assert_eq!(gain(one, half, &[half], &[one]), Some(1_000_000));
        assert_eq!(gain(Fx::ZERO, Fx::DELTA, &[], &[]), Some(-1));
        assert_eq!(gain(Fx::DELTA, Fx::ZERO, &[], &[]), Some(0));
        assert_eq!(gain(one, one, &[Fx::MAX; 9], &[Fx::MAX; 9]), None);
        assert_eq!(gain(one, one, &[Fx::MAX; 9], &[Fx::from_int(-9); 9]), None);
    }

    proptest! {
        #[test]
        fn nobody_loses_and_money_is_conserved(gains in prop::collection::vec(-LARGEST..=LARGEST, 0..20)) {
            let Some(payments) = side_payments(&gains) else {
                let total: i128 = gains.iter().map(|&gain| i128::from(gain)).sum();
                prop_assert!(total < 0);
                return Ok(());
            };
            for (&gain, &payment) in gains.iter().zip(&payments) {
                prop_assert!(i128::from(gain) + i128::from(payment) >= 0, "{gain} {payment}");
                prop_assert!(gain < 0 || payment <= 0);
            }
            let reserve: i128 = -payments.iter().map(|&p| i128::from(p)).sum::<i128>();
            let winners = gains.iter().filter(|&&gain| gain > 0).count() as i128;
            prop_assert!((0..=winners).contains(&reserve), "{reserve}");
        }
    }
}
