//! What a market maximizes.

use gridweave_units::Interval;

use super::offer::{Offer, Side};

/// Weight of an offer that expires in the next interval, see [`Objective::ExpiringFirst`].
pub const WHOLE: i128 = 10_000;

/// What a market maximizes. Each objective is a sum over offers of a weight times the offer's traded
/// energy, see [`Objective::weight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Traded energy (Wh), T(10).
    Energy,
    /// Traded energy, soon-expiring offers first: a trade counts `10_000 − left_s − left_b` per Wh,
    /// where `left` are the intervals from the next one to be finalized to the offer's last.
    ///
    /// Weights that belong to offers and not to intervals only choose among solutions of most
    /// energy: the program is a flow from sellers to buyers, and a flow that still can be augmented
    /// becomes larger without taking anything from an offer in use.
    ExpiringFirst,
    /// Welfare, `Σ(R_b − R_s)·p`, in thousandths of µ.
    Welfare,
}

/// What trades add up to: enough to say an objective's value now and after any finalization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Energy (Wh).
    pub energy: u128,
    /// `Σ(R_b − R_s)·p` for welfare, `Σ(last_s + last_b)·p` for expiring offers first, else 0.
    pub weighted: u128,
}

impl Value {
    /// Sum, or `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            energy: self.energy.checked_add(other.energy)?,
            weighted: self.weighted.checked_add(other.weighted)?,
        })
    }

    /// Difference, or `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Some(Self {
            energy: self.energy.checked_sub(other.energy)?,
            weighted: self.weighted.checked_sub(other.weighted)?,
        })
    }
}

impl Objective {
    /// What a trade of `energy` (Wh) between matchable offers adds; `None` on overflow or when the
    /// seller asks more than the buyer pays.
    pub fn value_of(self, seller: &Offer, buyer: &Offer, energy: u64) -> Option<Value> {
        let factor = match self {
            Self::Energy => 0,
            Self::ExpiringFirst => {
                u64::from(seller.intervals.last().0) + u64::from(buyer.intervals.last().0)
            }
            Self::Welfare => buyer.price.checked_sub(seller.price)?,
        };
        Some(Value {
            energy: energy.into(),
            weighted: u128::from(factor) * u128::from(energy),
        })
    }

    /// The objective of trades worth `value` while `next` is the next interval to be finalized;
    /// `None` on overflow.
    pub fn total(self, value: Value, next: Interval) -> Option<i128> {
        let signed = |amount| i128::try_from(amount).ok();
        let (energy, weighted) = (signed(value.energy)?, signed(value.weighted)?);
        match self {
            Self::Energy => Some(energy),
            Self::ExpiringFirst => {
                let weight = WHOLE + 2 * i128::from(next.0);
                energy.checked_mul(weight)?.checked_sub(weighted)
            }
            Self::Welfare => Some(weighted),
        }
    }

    /// What one Wh of an offer counts while `next` is the next interval to be finalized: the
    /// coefficient of the offer in the linear program.
    pub fn weight(self, offer: &Offer, next: Interval) -> i128 {
        let left = i128::from(offer.intervals.last().0) - i128::from(next.0);
        match (self, offer.side) {
            (Self::Energy, Side::Sell) => 1,
            (Self::Energy, Side::Buy) => 0,
            (Self::ExpiringFirst, Side::Sell) => WHOLE - left,
            (Self::ExpiringFirst, Side::Buy) => -left,
            (Self::Welfare, Side::Sell) => -i128::from(offer.price),
            (Self::Welfare, Side::Buy) => i128::from(offer.price),
        }
    }
}

#[cfg(test)]
mod tests {
    use gridweave_units::IntervalSet;
    use proptest::prelude::*;

    use super::*;

    fn offer(side: Side, last: u32, price: u64) -> Offer {
        Offer {
            side,
            feeder: 0,
            intervals: IntervalSet::single(Interval(last)),
            price,
            left: u64::MAX,
        }
    }

    proptest! {
        /// Weights of offers and values of trades are the same objective.
        #[test]
        fn trades_are_worth_what_their_offers_weigh(
            lasts in any::<[u32; 2]>(),
            next in any::<u32>(),
            ask in 0..1_000u64,
            spread in 0..1_000u64,
            energy in any::<u64>(),
        ) {
            let seller = offer(Side::Sell, lasts[0], ask);
            let buyer = offer(Side::Buy, lasts[1], ask + spread);
            let next = Interval(next);
            for objective in [Objective::Energy, Objective::ExpiringFirst, Objective::Welfare] {
                let value = objective.value_of(&seller, &buyer, energy).unwrap();
                let weight = objective.weight(&seller, next) + objective.weight(&buyer, next);
                prop_assert_eq!(objective.total(value, next), Some(weight * i128::from(energy)));
            }
        }
    }

    #[test]
    fn limits_are_refused_not_wrapped() {
        let huge = Value {
            energy: u128::MAX,
            weighted: u128::MAX,
        };
        for objective in [
            Objective::Energy,
            Objective::ExpiringFirst,
            Objective::Welfare,
        ] {
            assert_eq!(objective.total(huge, Interval(u32::MAX)), None);
        }
        assert_eq!(huge.checked_add(huge), None);
        let (seller, buyer) = (offer(Side::Sell, 0, 2), offer(Side::Buy, 0, 1));
        assert_eq!(Objective::Welfare.value_of(&seller, &buyer, 1), None);
    }
}
