//! The two-settlement rule for one account and interval.

use gridweave_units::{Energy, Money, Price, Rounding};

use super::error::{SettlementError, overflow};
use super::position::{Position, PriceRange};
use super::tariff::{BASIS_POINTS, ImbalanceFactor};

/// Thousandths of a µ per µ.
const MILLI: i128 = 1_000;

/// What one account gets for one interval (µ; negative: owes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// For what it promised, at the promised prices.
    pub committed: Money,
    /// For its deviation, at the price of the interval.
    pub imbalance: Money,
    /// For having deviated; never above zero.
    pub penalty: Money,
    /// Lost to rounding: what account and grid account together do not get, 0 to 3.
    pub dust: Money,
}

impl Settlement {
    /// What the account gets in all.
    ///
    /// # Errors
    /// [`SettlementError::Overflow`].
    pub fn amount(&self) -> Result<Money, SettlementError> {
        let sum = self.committed.checked_add(self.imbalance);
        sum.and_then(|sum| sum.checked_add(self.penalty))
            .ok_or(overflow("settled amount"))
    }

    /// What the grid account gets: the other side, less the dust.
    ///
    /// # Errors
    /// [`SettlementError::Overflow`].
    pub fn grid(&self) -> Result<Money, SettlementError> {
        let amount = self.amount()?.checked_add(self.dust);
        amount
            .and_then(|owed| owed.0.checked_neg())
            .map(Money)
            .ok_or(overflow("grid amount"))
    }
}

/// Settles a position against what the meter saw.
///
/// With deviation `d = metered − committed`, price `π` and factor `κ` the account gets
/// `Σ π·e + π·d − κ·|π|·|d|`: the promise as promised, the deviation at the imbalance price
/// `π + κ|π|` for a shortfall (injecting less or drawing more than promised, `d < 0`) and
/// `π − κ|π|` for a surplus (`d > 0`). For positive prices these are `π(1 + κ)` and `π(1 − κ)`; for
/// negative ones the sign of the second term stays, so that deviating never pays. Among several
/// prices a shortfall is charged at the largest and a surplus bought at the least; without a
/// commitment both are `reference`.
///
/// # Errors
/// [`SettlementError::Overflow`].
pub fn settle(
    position: &Position,
    metered: Energy,
    reference: Price,
    factor: ImbalanceFactor,
) -> Result<Settlement, SettlementError> {
    let deviation = metered
        .checked_sub(position.energy)
        .ok_or(overflow("deviation"))?;
    let range = position.prices.unwrap_or(PriceRange::at(reference));
    let price = if deviation.0 < 0 {
        range.high
    } else {
        range.low
    };
    let committed = Split::of(position.value, MILLI)?;
    let imbalance = Split {
        account: price.value_of(deviation, Rounding::Down),
        exact_up: price.value_of(deviation, Rounding::Up),
    };
    let penalty = penalty(price, deviation, factor)?;
    let dust = [committed, imbalance, penalty]
        .iter()
        .map(|part| part.exact_up.0 - part.account.0)
        .sum();
    Ok(Settlement {
        committed: committed.account,
        imbalance: imbalance.account,
        penalty: penalty.account,
        dust: Money(dust),
    })
}

/// `−κ·|π|·|d|`.
fn penalty(
    price: Price,
    deviation: Energy,
    factor: ImbalanceFactor,
) -> Result<Split, SettlementError> {
    let turnover = (i128::from(price.0) * i128::from(deviation.0)).abs();
    let exact = turnover
        .checked_mul(i128::from(factor.basis_points()))
        .and_then(i128::checked_neg)
        .ok_or(overflow("penalty"))?;
    Split::of(exact, MILLI * BASIS_POINTS)
}

/// An exact amount rounded for the account (down); the grid account gets the negative of the same
/// amount rounded up, which is its own negative rounded down.
#[derive(Clone, Copy)]
struct Split {
    account: Money,
    exact_up: Money,
}

impl Split {
    fn of(exact: i128, divisor: i128) -> Result<Self, SettlementError> {
        let down = exact.div_euclid(divisor);
        let whole = exact.rem_euclid(divisor) == 0;
        let up = if whole {
            Some(down)
        } else {
            down.checked_add(1)
        };
        Ok(Self {
            account: Money(down),
            exact_up: Money(up.ok_or(overflow("rounded amount"))?),
        })
    }
}
