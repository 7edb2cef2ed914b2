//! Who holds which money: an account's purse and the grid account's pool.
//!
//! Cash is what purses hold as `balance` and `collateral` and what the pool holds; it only moves
//! between them, in by [`deposit`] and out by [`withdraw`] and [`draw`]. A claim is what somebody owes:
//! `arrears` an account to the grid, `receivable` the grid to an account. Every amount that
//! settlement finds is one between an account and the grid account, so a payee never waits for a
//! particular payer; what the pool cannot pay at once stays owed by the grid, visibly.
//!
//! On any history: an account has not both arrears and a receivable, and
//! `balance + collateral + receivable − arrears` changes by exactly what was booked, in whatever
//! order it was booked.

use gridweave_units::Money;

use super::error::{SettlementError, overflow};

/// What an account has with the contract (µ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    /// Cash that may be withdrawn.
    pub balance: u128,
    /// Cash that stays, to cover what the balance does not.
    pub collateral: u128,
    /// Owed by the grid account.
    pub receivable: u128,
    /// Owed to the grid account.
    pub arrears: u128,
}

/// The grid account's cash, the reserve of dust included (µ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// All cash.
    pub cash: u128,
    /// Dust booked so far; it stays in the pool as the reserve.
    pub dust: u128,
}

impl Pool {
    /// Cash of the reserve: the dust, as far as there is cash.
    pub fn reserve(&self) -> u128 {
        self.dust.min(self.cash)
    }

    /// Cash of the grid account proper, from which payees are paid.
    pub fn available(&self) -> u128 {
        self.cash.saturating_sub(self.dust)
    }
}

/// Books what settlement found for an account: `dust` (or, when a line is settled again, its change)
/// goes to the reserve, then `amount` is a [`credit`] or a [`debit`].
///
/// # Errors
/// [`SettlementError::Overflow`]; nothing is changed then.
pub fn book(
    purse: &mut Purse,
    pool: &mut Pool,
    amount: Money,
    dust: Money,
    required: u128,
) -> Result<(), SettlementError> {
    let mut reserved = *pool;
    reserved.dust = i128::try_from(pool.dust)
        .ok()
        .and_then(|before| before.checked_add(dust.0))
        .and_then(|after| u128::try_from(after).ok())
        .ok_or(overflow("dust"))?;
    let size = amount.0.unsigned_abs();
    if amount.0 < 0 {
        debit(purse, &mut reserved, size)?;
    } else {
        credit(purse, &mut reserved, size, required)?;
    }
    *pool = reserved;
    Ok(())
}

/// Books `amount` for an account: against its arrears first, then in cash into its collateral up to
/// `required` and its balance, and what the pool cannot pay as a receivable.
///
/// # Errors
/// [`SettlementError::Overflow`]; nothing is changed then.
pub fn credit(
    purse: &mut Purse,
    pool: &mut Pool,
    amount: u128,
    required: u128,
) -> Result<(), SettlementError> {
    let forgiven = amount.min(purse.arrears);
    let left = amount - forgiven;
    let cash = left.min(pool.available());
    let mut new = *purse;
    new.arrears -= forgiven;
    new.receivable = plus(new.receivable, left - cash, "receivable")?;
    fill(&mut new, cash, required)?;
    pool.cash -= cash;
    *purse = new;
    Ok(())
}

/// Charges `amount`: against what the grid owes the account first, then from its balance and its
/// collateral, and what it cannot pay as arrears.
///
/// # Errors
/// [`SettlementError::Overflow`]; nothing is changed then.
pub fn debit(purse: &mut Purse, pool: &mut Pool, amount: u128) -> Result<(), SettlementError> {
    let mut new = *purse;
    let mut left = amount - take(&mut new.receivable, amount);
    let mut cash = take(&mut new.balance, left);
    left -= cash;
    let covered = take(&mut new.collateral, left);
    left -= covered;
    // Both parts were in one purse, so their sum fits unless purses are inconsistent.
    cash = plus(cash, covered, "payment")?;
    new.arrears = plus(new.arrears, left, "arrears")?;
    pool.cash = plus(pool.cash, cash, "pool")?;
    *purse = new;
    Ok(())
}

/// Takes in `amount` of fresh cash: arrears first, then collateral up to `required`, then balance.
///
/// # Errors
/// [`SettlementError::Overflow`]; nothing is changed then.
pub fn deposit(
    purse: &mut Purse,
    pool: &mut Pool,
    amount: u128,
    required: u128,
) -> Result<(), SettlementError> {
    let mut new = *purse;
    let repaid = take(&mut new.arrears, amount);
    fill(&mut new, amount - repaid, required)?;
    pool.cash = plus(pool.cash, repaid, "pool")?;
    *purse = new;
    Ok(())
}

/// Pays what the grid owes the account, as far as the pool can; returns how much (µ).
///
/// # Errors
/// [`SettlementError::Overflow`]; nothing is changed then.
pub fn collect(
    purse: &mut Purse,
    pool: &mut Pool,
    required: u128,
) -> Result<u128, SettlementError> {
    let cash = purse.receivable.min(pool.available());
    let mut new = *purse;
    new.receivable -= cash;
    fill(&mut new, cash, required)?;
    pool.cash -= cash;
    *purse = new;
    Ok(cash)
}

/// Pays `amount` of the balance out; collateral stays.
///
/// # Errors
/// [`SettlementError::Insufficient`].
pub fn withdraw(purse: &mut Purse, amount: u128) -> Result<(), SettlementError> {
    let left = purse.balance.checked_sub(amount);
    purse.balance = left.ok_or(SettlementError::Insufficient {
        what: "balance",
        asked: amount,
        held: purse.balance,
    })?;
    Ok(())
}

/// Pays `amount` of the grid account out, which must leave `kept` beside the reserve.
///
/// # Errors
/// [`SettlementError::Insufficient`].
pub fn draw(pool: &mut Pool, amount: u128, kept: u128) -> Result<(), SettlementError> {
    let free = pool.available().saturating_sub(kept);
    if amount > free {
        return Err(SettlementError::Insufficient {
            what: "grid account",
            asked: amount,
            held: free,
        });
    }
    pool.cash -= amount;
    Ok(())
}

/// Adds cash to the collateral up to `required`, the rest to the balance.
fn fill(purse: &mut Purse, cash: u128, required: u128) -> Result<(), SettlementError> {
    let secured = required.saturating_sub(purse.collateral).min(cash);
    purse.collateral = plus(purse.collateral, secured, "collateral")?;
    purse.balance = plus(purse.balance, cash - secured, "balance")?;
    Ok(())
}

/// Takes up to `wanted` away; returns how much.
fn take(from: &mut u128, wanted: u128) -> u128 {
    let taken = wanted.min(*from);
    *from -= taken;
    taken
}

fn plus(a: u128, b: u128, what: &'static str) -> Result<u128, SettlementError> {
    a.checked_add(b).ok_or(overflow(what))
}
