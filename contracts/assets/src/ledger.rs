//! Moving energy and money between the books; every other file only decides how much goes where.

use cosmwasm_std::Addr;
use gridweave_types::assets::{ClaimClass, PermitClass};

use crate::error::{ContractError, overflow};
use crate::state::{ClassId, HolderId};
use crate::work::Work;

/// Adds to a quantity.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn add<T: Sum>(total: &mut T, amount: T, what: &'static str) -> Result<(), ContractError> {
    *total = total.plus(amount).ok_or(overflow(what))?;
    Ok(())
}

/// Takes from a quantity that was checked to hold so much.
///
/// # Errors
/// [`ContractError::Overflow`], which only a defect can cause.
pub fn sub<T: Sum>(total: &mut T, amount: T, what: &'static str) -> Result<(), ContractError> {
    *total = total.minus(amount).ok_or(overflow(what))?;
    Ok(())
}

/// An integer that is added up.
pub trait Sum: Copy {
    /// Sum, or `None` beyond the range.
    fn plus(self, other: Self) -> Option<Self>;
    /// Difference, or `None` below zero.
    fn minus(self, other: Self) -> Option<Self>;
}

macro_rules! sums {
    ($($integer:ty),*) => {$(
        impl Sum for $integer {
            fn plus(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }

            fn minus(self, other: Self) -> Option<Self> {
                self.checked_sub(other)
            }
        }
    )*};
}
sums!(u64, u128);

/// Takes energy of a permit from a holder's free balance and from the class's. The caller books it
/// elsewhere in the class.
///
/// # Errors
/// [`ContractError::InsufficientPermit`].
pub fn take_permit(
    work: &mut Work,
    holder: (&Addr, HolderId),
    class: &PermitClass,
    energy: u64,
) -> Result<(), ContractError> {
    let id = work.class_id(class)?;
    let free = work.permit((holder.1, id))?;
    let Some(rest) = free.checked_sub(energy) else {
        return Err(ContractError::InsufficientPermit {
            holder: holder.0.clone(),
            class: *class,
            asked: energy,
            held: *free,
        });
    };
    *free = rest;
    sub(&mut work.class(id)?.free, energy, "free permits")
}

/// Adds energy of a permit to a holder's free balance and to the class's.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn give_permit(
    work: &mut Work,
    holder: HolderId,
    id: ClassId,
    energy: u64,
) -> Result<(), ContractError> {
    add(work.permit((holder, id))?, energy, "permit")?;
    add(&mut work.class(id)?.free, energy, "free permits")
}

/// Takes money from a holder's free balance and from the sum of these. The caller books it elsewhere.
///
/// # Errors
/// [`ContractError::InsufficientMoney`].
pub fn take_money(
    work: &mut Work,
    holder: (&Addr, HolderId),
    amount: u128,
) -> Result<(), ContractError> {
    let free = work.money(holder.1)?;
    let Some(rest) = free.checked_sub(amount) else {
        return Err(ContractError::InsufficientMoney {
            holder: holder.0.clone(),
            asked: amount,
            held: *free,
        });
    };
    *free = rest;
    sub(&mut work.books.free, amount, "free money")
}

/// Adds money to a holder's free balance and to the sum of these.
///
/// # Errors
/// [`ContractError::Overflow`].
pub fn give_money(work: &mut Work, holder: HolderId, amount: u128) -> Result<(), ContractError> {
    add(work.money(holder)?, amount, "money")?;
    add(&mut work.books.free, amount, "free money")
}

/// Takes energy of a claim from a holder. The caller books it elsewhere in the delivery.
///
/// # Errors
/// [`ContractError::InsufficientClaim`].
pub fn take_claim(
    work: &mut Work,
    holder: (&Addr, HolderId),
    class: &ClaimClass,
    energy: u64,
) -> Result<(), ContractError> {
    let held = work.claim(holder.1, class)?;
    let Some(rest) = held.checked_sub(energy) else {
        return Err(ContractError::InsufficientClaim {
            holder: holder.0.clone(),
            class: *class,
            asked: energy,
            held: *held,
        });
    };
    *held = rest;
    Ok(())
}
