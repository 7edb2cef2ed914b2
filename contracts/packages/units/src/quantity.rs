//! Integer quantities: energy, power, price, money.

use serde::{Deserialize, Serialize};

/// Micro-currency units × Wh per kWh: a price in µ/kWh times an energy in Wh, over this, is µ.
const WH_PER_KWH: i128 = 1_000;

/// Which way a conversion into money rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Toward +∞: what a payer owes.
    Up,
    /// Toward −∞: what a payee gets.
    Down,
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            Serialize, Deserialize, schemars::JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// Sum, or `None` on overflow.
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// Difference, or `None` on overflow.
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }
        }
    };
}

quantity!(
    /// Energy in Wh per interval; injection positive.
    Energy(i64)
);
quantity!(
    /// Power in W; injection positive.
    Power(i64)
);
quantity!(
    /// Price in micro-currency per kWh.
    Price(i64)
);
quantity!(
    /// An amount of money in micro-currency; negative means owed.
    Money(i128)
);

impl Price {
    /// The value of `energy` at this price, rounded as asked.
    pub fn value_of(self, energy: Energy, rounding: Rounding) -> Money {
        let product = i128::from(self.0) * i128::from(energy.0);
        Money(match rounding {
            Rounding::Down => product.div_euclid(WH_PER_KWH),
            Rounding::Up => -(-product).div_euclid(WH_PER_KWH),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_brackets_the_exact_value(price in any::<i32>(), energy in any::<i32>()) {
            let (price, energy) = (Price(price.into()), Energy(energy.into()));
            let up = price.value_of(energy, Rounding::Up).0 * WH_PER_KWH;
            let down = price.value_of(energy, Rounding::Down).0 * WH_PER_KWH;
            let exact = i128::from(price.0) * i128::from(energy.0);
            prop_assert!(down <= exact && exact <= up);
            prop_assert!(up - down <= WH_PER_KWH);
        }
    }
}
