//! Offers that end with an interval.

use cosmwasm_std::{Empty, Event, Order, StdResult};
use cw_storage_plus::Bound;

use super::work::{Work, with_list};
use crate::error::ContractError;
use crate::offer;
use crate::state::{ENDS, offer_state, phase};

/// Ends a page of the offers that have expired or were cancelled. A cancelled offer that the
/// candidate uses stays: its cancellation is void.
///
/// # Errors
/// Only those of storage.
pub fn sweep(work: &mut Work) -> Result<(), ContractError> {
    let until = Bound::inclusive((work.status.next.saturating_sub(1), u32::MAX));
    let page = work.left as usize;
    let keys = ENDS.keys(work.storage, None, Some(until), Order::Ascending);
    let keys: Vec<(u32, u32)> = keys.take(page).collect::<StdResult<_>>()?;
    let (mut expired, mut cancelled, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (end, id) in &keys {
        let mut record = work.offers.get(work.storage, *id)?;
        let closing = record.state == offer_state::CLOSING;
        let last = record.intervals()?.last().0;
        if closing && work.used.get(work.storage, *id)? > 0 {
            ENDS.remove(work.storage, (*end, *id));
            ENDS.save(work.storage, (last, *id), &Empty {})?;
            record.state = offer_state::OPEN;
            record.end = last;
            work.offers.set(work.storage, *id, record)?;
            kept.push(*id);
            continue;
        }
        offer::end(work.storage, &mut work.status, &mut work.offers, *id)?;
        match closing {
            true => cancelled.push(*id),
            false => expired.push(*id),
        }
    }
    if !keys.is_empty() {
        let interval = work.status.next.saturating_sub(1);
        let event = Event::new("offers_ended").add_attribute("interval", interval.to_string());
        let event = with_list(event, "expired", &expired);
        let event = with_list(event, "cancelled", &cancelled);
        work.announce(with_list(event, "kept", &kept));
    }
    let ended = [expired, cancelled].concat();
    work.release(&ended)?;
    if keys.len() < page {
        work.status.phase = phase::OPEN;
    }
    // At most a page, which fits.
    work.left -= keys.len() as u32;
    Ok(())
}
