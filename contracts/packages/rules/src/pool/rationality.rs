//! Nobody is worse off than alone, whatever round a session ends in.
//!
//! Under exact duals every member gains, since `x = 0` was among its choices. A session that stops
//! early has prices and plans that are only nearly dual to each other, so that a member can lose a
//! little; what all gain together pays for it.

/// Largest gain or loss (µ) and largest number of members that are computed with: products stay
/// within 127 bits.
const LARGEST: i64 = 1 << 56;
const MOST: usize = 1 << 14;

/// Side payments (µ, positive to the member) after which no member has lost, given what each gains by
/// its plan and the payments for it (µ, negative if it loses).
///
/// Losers get exactly what they miss. Winners pay in proportion to what they gain, rounded up, and
/// never more than that; what the rounding leaves, less than one µ a winner, goes to the reserve.
/// `None` when all gain less than nothing together, and nobody should trade; also for gains beyond
/// ±2⁵⁶ µ or more than 2¹⁴ members.
pub fn side_payments(gains: &[i64]) -> Option<Vec<i64>> {
    let fits = |gain: &i64| (-LARGEST..=LARGEST).contains(gain);
    if gains.len() > MOST || !gains.iter().all(fits) {
        return None;
    }
    let sum = |positive: bool| -> i128 {
        let chosen = gains.iter().filter(|&&gain| (gain > 0) == positive);
        chosen.map(|&gain| i128::from(gain).abs()).sum()
    };
    let (gained, lost) = (sum(true), sum(false));
    if lost > gained {
        return None;
    }
    let payment = |&gain: &i64| {
        if gain <= 0 {
            return Some(-gain);
        }
        // At most the gain, since `lost ≤ gained`.
        let part = (i128::from(gain) * lost + gained - 1) / gained;
        i64::try_from(part).ok().map(|part| -part)
    };
    gains.iter().map(payment).collect()
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
