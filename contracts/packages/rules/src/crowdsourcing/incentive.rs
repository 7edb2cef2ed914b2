//! What an incentive costs at most, and what it pays for what was delivered.

use gridweave_units::Rounding;

/// Prices are per kWh, energies in Wh.
const WH_PER_KWH: u128 = 1_000;

/// The most that a task of `energy` (Wh) can cost with an incentive (µ/kWh): `λᵃ·|e|`, rounded up, in
/// µ. It is what C(2b) counts before anybody has answered.
pub fn reserve(incentive: u64, energy: i64) -> u128 {
    worth(incentive, energy.unsigned_abs(), Rounding::Up)
}

/// What a task pays for the energy delivered (Wh): `λᵃ·e`, rounded down, in µ; never more than
/// [`reserve`] of a task of at least that energy.
pub fn payment(incentive: u64, delivered: u64) -> u128 {
    worth(incentive, delivered, Rounding::Down)
}

/// How much of a task counts as delivered (Wh), when the account has committed `committed` in all,
/// the task included, and `metered` is what its meter says (Wh, injection positive).
///
/// What is missing in the task's direction is missing from the task first: the incentive is paid for
/// energy beyond what was promised anyway. More than the task is never delivered.
pub fn delivered(task: i64, committed: i64, metered: i64) -> u64 {
    let missing = i128::from(committed) - i128::from(metered);
    let missing = if task < 0 { -missing } else { missing };
    let missing = u64::try_from(missing.max(0)).unwrap_or(u64::MAX);
    task.unsigned_abs().saturating_sub(missing)
}

/// `price · energy / 1000`: below 2¹²⁸ for all inputs.
fn worth(incentive: u64, energy: u64, rounding: Rounding) -> u128 {
    let product = u128::from(incentive) * u128::from(energy);
    match rounding {
        Rounding::Up => product.div_ceil(WH_PER_KWH),
        Rounding::Down => product / WH_PER_KWH,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_shortfall_comes_off_the_task_first() {
        assert_eq!(delivered(500, 2_000, 2_000), 500);
        assert_eq!(delivered(500, 2_000, 1_800), 300);
        assert_eq!(delivered(500, 2_000, 1_400), 0);
        assert_eq!(delivered(500, 2_000, 9_000), 500);
        // Drawing 700 of 1,000 in all, of which 400 are the task.
        assert_eq!(delivered(-400, -1_000, -700), 100);
        assert_eq!(delivered(-400, -1_000, -1_300), 400);
    }

    #[test]
    fn rounding_never_favours_the_payee() {
        assert_eq!((reserve(1, 1), payment(1, 1)), (1, 0));
        assert_eq!((reserve(333, -1_000), payment(333, 1_000)), (333, 333));
        assert_eq!((reserve(0, 7), payment(7, 0)), (0, 0));
    }

    proptest! {
        #[test]
        fn what_is_delivered_never_exceeds_the_task_or_its_reserve(
            task in any::<i64>(), committed in any::<i64>(), metered in any::<i64>(),
            incentive in any::<u64>(),
        ) {
            let delivered = delivered(task, committed, metered);
            prop_assert!(delivered <= task.unsigned_abs());
            prop_assert!(payment(incentive, delivered) <= reserve(incentive, task));
        }

        #[test]
        fn delivering_more_never_pays_less(
            task in -1_000_000i64..1_000_000, committed in -1_000_000i64..1_000_000,
            metered in -1_000_000i64..1_000_000, more in 0..1_000_000i64, incentive in 0..1_000_000u64,
        ) {
            let further = if task < 0 { metered - more } else { metered + more };
            let (less, more) = (delivered(task, committed, metered), delivered(task, committed, further));
            prop_assert!(payment(incentive, less) <= payment(incentive, more));
        }
    }
}
