//! Taking an offer off the book.

use cosmwasm_std::Storage;

use crate::book::Offers;
use crate::error::ContractError;
use crate::state::{COUNTS, ENDS, OWNERS, OfferRecord, Status};

/// Ends an open offer; the caller releases its lock.
///
/// # Errors
/// Only those of storage.
pub fn end(
    storage: &mut dyn Storage,
    status: &mut Status,
    offers: &mut Offers,
    offer: u32,
) -> Result<(), ContractError> {
    let record = offers.get(storage, offer)?;
    let owner = OWNERS.load(storage, offer)?;
    let own = COUNTS.may_load(storage, &owner)?.unwrap_or_default();
    match own.checked_sub(1) {
        Some(0) | None => COUNTS.remove(storage, &owner),
        Some(own) => COUNTS.save(storage, &owner, &own)?,
    }
    OWNERS.remove(storage, offer);
    ENDS.remove(storage, (record.end, offer));
    status.open_offers = status.open_offers.saturating_sub(1);
    offers.set(storage, offer, OfferRecord::default())?;
    Ok(())
}
