//! What an account promised for one interval.

use gridweave_units::{Energy, Price};

use super::error::{SettlementError, overflow};

/// A promise to inject (or, negative, to draw) energy in one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Energy (Wh, injection positive).
    pub energy: Energy,
    /// Price under the tariff in force (µ/kWh).
    pub price: Price,
    /// Whether the energy has been paid elsewhere, so that only the deviation settles.
    pub paid: bool,
}

/// The least and the largest price of an account's commitments in one interval (µ/kWh).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceRange {
    /// Least price: at it a surplus is bought.
    pub low: Price,
    /// Largest price: at it a shortfall is charged.
    pub high: Price,
}

impl PriceRange {
    /// A single price.
    pub const fn at(price: Price) -> Self {
        Self {
            low: price,
            high: price,
        }
    }

    /// The range that covers both.
    pub fn with(self, price: Price) -> Self {
        Self {
            low: self.low.min(price),
            high: self.high.max(price),
        }
    }
}

/// The sum of an account's commitments in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Sum of the committed energies, paid or not (Wh).
    pub energy: Energy,
    /// Exact value of the unpaid ones, in thousandths of a µ (Wh × µ/kWh).
    pub value: i128,
    /// Prices of all of them; `None` without a commitment.
    pub prices: Option<PriceRange>,
}

impl Position {
    /// The position with one commitment more.
    ///
    /// # Errors
    /// [`SettlementError::Overflow`].
    pub fn with(self, commitment: &Commitment) -> Result<Self, SettlementError> {
        let Commitment {
            energy,
            price,
            paid,
        } = *commitment;
        let added = if paid {
            0
        } else {
            i128::from(price.0) * i128::from(energy.0)
        };
        Ok(Self {
            energy: self
                .energy
                .checked_add(energy)
                .ok_or(overflow("committed energy"))?,
            value: self
                .value
                .checked_add(added)
                .ok_or(overflow("committed value"))?,
            prices: Some(match self.prices {
                Some(range) => range.with(price),
                None => PriceRange::at(price),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(energy: i64, price: i64, paid: bool) -> Commitment {
        Commitment {
            energy: Energy(energy),
            price: Price(price),
            paid,
        }
    }

    #[test]
    fn commitments_add_and_prices_spread() -> Result<(), SettlementError> {
        let position = Position::default()
            .with(&promise(1_000, 50, false))?
            .with(&promise(-300, 80, false))?
            .with(&promise(500, 20, true))?;
        assert_eq!(position.energy, Energy(1_200));
        assert_eq!(position.value, 1_000 * 50 - 300 * 80);
        let range = PriceRange {
            low: Price(20),
            high: Price(80),
        };
        assert_eq!(position.prices, Some(range));
        Ok(())
    }

    #[test]
    fn the_limits_are_refused_not_wrapped() {
        let full = Position::default().with(&promise(i64::MAX, i64::MAX, false));
        let full = full.expect("the product fits in 128 bits");
        assert_eq!(
            full.with(&promise(1, 0, false)),
            Err(overflow("committed energy"))
        );
        let least = Position {
            value: i128::MIN,
            ..Position::default()
        };
        assert_eq!(
            least.with(&promise(1, -1, false)),
            Err(overflow("committed value"))
        );
    }
}
