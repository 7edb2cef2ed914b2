//! The tariff: what makes up the price of energy, and what a period's peak costs.

use gridweave_units::{Energy, Interval, Money, Price, Rounding};

use super::error::{SettlementError, overflow};

/// Basis points of one.
pub(super) const BASIS_POINTS: i128 = 10_000;
/// Most terms of a tariff.
pub const MAX_TERMS: usize = 8;
/// Most slots of a time-of-use term: a week of quarter hours.
pub const MAX_SLOTS: usize = 672;

/// The imbalance factor `κ` in basis points, 0 to 10,000.
///
/// Above one, a surplus would be worth less than nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImbalanceFactor(u16);

impl ImbalanceFactor {
    /// The factor, unless it exceeds one.
    pub const fn new(basis_points: u16) -> Option<Self> {
        if basis_points as i128 <= BASIS_POINTS {
            Some(Self(basis_points))
        } else {
            None
        }
    }

    /// The factor in basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }
}

/// One term of a tariff. The price of energy is the sum of the first three kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// The price that the commitment was made at: the DLMP of its bus and interval.
    Dlmp,
    /// The same price always (µ/kWh).
    Flat(Price),
    /// Interval `t` has price `t mod n` of the `n` prices (µ/kWh).
    TimeOfUse(Vec<Price>),
    /// Per kWh drawn in the period's interval of largest draw (µ/kWh), charged once a period.
    Demand(Price),
}

/// The terms and the imbalance factor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tariff {
    /// Terms; they add.
    pub terms: Vec<Term>,
    /// Imbalance factor `κ`.
    pub imbalance: ImbalanceFactor,
}

/// A demand charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// What the account gets (µ): zero or less.
    pub amount: Money,
    /// Lost to rounding (µ), 0 or 1.
    pub dust: Money,
}

impl Tariff {
    /// Price of energy in `interval` for a commitment made at `dlmp` (µ/kWh).
    ///
    /// # Errors
    /// [`SettlementError::Overflow`].
    pub fn price(&self, interval: Interval, dlmp: Price) -> Result<Price, SettlementError> {
        self.terms.iter().try_fold(Price(0), |sum, term| {
            let part = match term {
                Term::Dlmp => dlmp,
                Term::Flat(price) => *price,
                Term::TimeOfUse(prices) => slot(prices, interval),
                Term::Demand(_) => Price(0),
            };
            sum.checked_add(part).ok_or(overflow("price"))
        })
    }

    /// Charge for the largest draw (Wh, zero or above) in one interval of a period.
    ///
    /// # Errors
    /// [`SettlementError::Overflow`].
    pub fn demand(&self, peak: Energy) -> Result<Demand, SettlementError> {
        let mut price = Price(0);
        for term in &self.terms {
            if let Term::Demand(part) = term {
                price = price.checked_add(*part).ok_or(overflow("demand price"))?;
            }
        }
        let owed = price.value_of(peak, Rounding::Up);
        let earned = price.value_of(peak, Rounding::Down);
        Ok(Demand {
            amount: Money(-owed.0),
            dust: Money(owed.0 - earned.0),
        })
    }
}

fn slot(prices: &[Price], interval: Interval) -> Price {
    let index = (interval.0 as usize).checked_rem(prices.len());
    index
        .and_then(|index| prices.get(index))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tariff(terms: Vec<Term>) -> Tariff {
        Tariff {
            terms,
            imbalance: ImbalanceFactor::default(),
        }
    }

    #[test]
    fn terms_add() -> Result<(), SettlementError> {
        let tariff = tariff(vec![
            Term::Dlmp,
            Term::Flat(Price(5)),
            Term::TimeOfUse(vec![Price(100), Price(200)]),
            Term::Demand(Price(1_000_000)),
        ]);
        assert_eq!(tariff.price(Interval(0), Price(30))?, Price(135));
        assert_eq!(tariff.price(Interval(7), Price(-30))?, Price(175));
        Ok(())
    }

    #[test]
    fn without_a_dlmp_term_the_promised_price_does_not_matter() -> Result<(), SettlementError> {
        let flat = tariff(vec![Term::Flat(Price(250_000))]);
        assert_eq!(
            flat.price(Interval(3), Price(i64::MAX))?,
            flat.price(Interval(9), Price(0))?
        );
        Ok(())
    }

    #[test]
    fn the_peak_is_charged_once_and_rounds_up() -> Result<(), SettlementError> {
        // 2.5 kWh at 3.000001 per kWh: 7.5000025, so 7,500,003 µ are owed and 1 µ is dust.
        let charge = tariff(vec![Term::Demand(Price(3_000_001))]).demand(Energy(2_500))?;
        assert_eq!(charge.amount, Money(-7_500_003));
        assert_eq!(charge.dust, Money(1));
        assert_eq!(tariff(vec![]).demand(Energy(2_500))?, Demand::default());
        Ok(())
    }

    #[test]
    fn a_factor_above_one_is_refused() {
        assert!(ImbalanceFactor::new(10_000).is_some());
        assert!(ImbalanceFactor::new(10_001).is_none());
    }

    #[test]
    fn the_limits_are_refused_not_wrapped() {
        let both = tariff(vec![Term::Dlmp, Term::Flat(Price(1))]);
        assert_eq!(
            both.price(Interval(0), Price(i64::MAX)),
            Err(overflow("price"))
        );
        assert_eq!(
            tariff(vec![Term::TimeOfUse(vec![])]).price(Interval(u32::MAX), Price(0)),
            Ok(Price(0))
        );
    }
}
