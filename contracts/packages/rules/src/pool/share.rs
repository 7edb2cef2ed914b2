//! A member's share of a total that must vanish.

use gridweave_units::Fx;

/// Fractional bits of a share.
const FRACTION_BITS: u32 = 64;

/// `m_i/Σm`, from 0 to 1, to 2⁻⁶⁴. With the 32 fractional bits of [`Fx`] the error of a share, times a
/// total of tens of thousands of members, times their number, would be many watt-hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(i128);

impl Share {
    /// Of a member of mobility `mobility` among members of mobility `all` together; both are above 0
    /// and the first is part of the second, else the share is the nearest from 0 to 1.
    pub fn of(mobility: Fx, all: Fx) -> Self {
        let part = i128::from(mobility.to_bits().max(0));
        let all = i128::from(all.to_bits()).max(part).max(1);
        Self((part << FRACTION_BITS) / all)
    }

    /// The part of `total`, to the nearest.
    pub fn part(self, total: Fx) -> Fx {
        // |total| is at most 2⁶³ and the share at most 2⁶⁴, and the largest total is one less.
        let exact = i128::from(total.to_bits()) * self.0;
        let nearest = (exact + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS;
        Fx::from_bits(nearest as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_of_the_range_is_shared() {
        for total in [Fx::MIN, Fx::ZERO, Fx::MAX] {
            assert_eq!(Share::of(Fx::MAX, Fx::MAX).part(total), total);
            assert_eq!(Share::of(Fx::ZERO, Fx::ONE).part(total), Fx::ZERO);
        }
        assert_eq!(Share::of(Fx::ONE, Fx::ZERO), Share::of(Fx::ONE, Fx::ONE));
        assert_eq!(Share::of(Fx::MIN, Fx::ONE), Share::of(Fx::ZERO, Fx::ONE));
        let third = Share::of(Fx::ONE, Fx::from_int(3));
        assert_eq!(third.part(Fx::from_int(6)), Fx::from_int(2));
        assert_eq!(third.part(Fx::from_int(-6)), Fx::from_int(-2));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_total(total: i64, mobilities in prop::collection::vec(1i64..1 << 40, 1..200)) {
            let all = Fx::from_bits(mobilities.iter().sum());
            let parts = mobilities.iter().map(|&mobility| {
                let share = Share::of(Fx::from_bits(mobility), all);
                i128::from(share.part(Fx::from_bits(total)).to_bits())
            });
            let left = i128::from(total) - parts.sum::<i128>();
            prop_assert!(left.unsigned_abs() <= mobilities.len() as u128, "{left}");
        }
    }
}
