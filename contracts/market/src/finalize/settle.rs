//! Permits become claims, escrow becomes payment.

use cosmwasm_std::{Binary, Event};
use gridweave_rules::market::{Layout, Trade, payment, unpack_trades};
use gridweave_types::assets;
use gridweave_units::Interval;

use super::work::{Work, with_list};
use crate::error::{ContractError, overflow};
use crate::offer;
use crate::state::{PARTS, load_trades, phase};

/// Settles a page of the final trades. Offers that are used up end at once. Trades of a void interval
/// only leave the candidate.
///
/// # Errors
/// [`ContractError::Overflow`]; only a defect can cause it.
pub fn settle(work: &mut Work) -> Result<(), ContractError> {
    let interval = work.status.next.saturating_sub(1);
    let key = (work.status.candidate, interval);
    let part = PARTS.may_load(work.storage, key)?.unwrap_or_default();
    let bytes = load_trades(work.storage, key);
    let each = Layout::Stored.bytes();
    let from = work.status.settled;
    let count = part.trades.saturating_sub(from).min(work.left);
    let first = from as usize * each;
    let page = bytes.get(first..first + count as usize * each);
    let page = page.ok_or(overflow("stored trades"))?;
    let (mut settled, mut filled) = (Vec::new(), Vec::new());
    for trade in unpack_trades(Layout::Stored, Interval(interval), page)? {
        let trade = trade?;
        for side in [trade.seller, trade.buyer] {
            take(work, side, &trade, part.void, &mut filled)?;
        }
        settled.push(assets::Trade {
            seller_offer: u64::from(trade.seller).into(),
            buyer_offer: u64::from(trade.buyer).into(),
            energy: trade.energy.into(),
            payment: payment(trade.energy, trade.price).into(),
        });
    }
    if !part.void {
        let event = Event::new("trades_finalized")
            .add_attribute("interval", interval.to_string())
            .add_attribute("from", from.to_string())
            .add_attribute("trades", Binary::from(page).to_base64());
        work.announce(with_list(event, "filled", &filled));
        work.send(&assets::ExecuteMsg::SettleTrades {
            interval,
            trades: settled,
        })?;
        work.release(&filled)?;
    }
    work.status.settled = from + count;
    if work.status.settled >= part.trades {
        work.status.phase = phase::SWEEPING;
    }
    work.left -= count;
    Ok(())
}

/// Moves a trade's energy from what the candidate takes of an offer to what is final.
fn take(
    work: &mut Work,
    id: u32,
    trade: &Trade,
    void: bool,
    filled: &mut Vec<u32>,
) -> Result<(), ContractError> {
    let energy = u32::try_from(trade.energy).map_err(|_| overflow("energy"))?;
    let used = work.used.get(work.storage, id)?.checked_sub(energy);
    work.used
        .set(work.storage, id, used.ok_or(overflow("candidate"))?)?;
    if void {
        return Ok(());
    }
    let mut record = work.offers.get(work.storage, id)?;
    let traded = record.traded.checked_add(energy);
    record.traded = traded.ok_or(overflow("traded energy"))?;
    let left = record.left();
    work.offers.set(work.storage, id, record)?;
    if left == 0 {
        offer::end(work.storage, &mut work.status, &mut work.offers, id)?;
        filled.push(id);
    }
    Ok(())
}
