//! Deposits as the events of `assets` tell them (`energyDeposited`, `financialDeposited`).

use std::str::FromStr;

use gridweave_chain::{Chain, ChainEvent, ContractAddr};
use gridweave_types::assets::Side;

use super::{Dso, Step};
use crate::DsoError;
use crate::ledger::{EnergyDeposit, Entry, MoneyDeposit, PayKey, Place};

impl<C: Chain> Dso<C> {
    /// Reads what was announced since the last call and writes down what concerns the operator's
    /// addresses, each deposit once, however often the process dies. Returns how many entries there
    /// were.
    ///
    /// # Errors
    /// [`DsoError::Chain`], [`DsoError::Ledger`], [`DsoError::Unexpected`] for an event that is not
    /// as documented.
    pub async fn follow_deposits(&self) -> Result<usize, DsoError> {
        let _reading = self.reading.lock().await;
        let place = self.ledger.place()?.unwrap_or_default();
        let top = self.chain.height().await?;
        let events = self.chain.events_between(place.height, top).await?;
        let (entries, mut next) = read(&events, place, &self.market.assets)?;
        if top > next.height {
            // Blocks without events need not be looked at again.
            (next.height, next.seen) = (top, 0);
        }
        if next == place {
            return Ok(0);
        }
        self.reach(Step::Enter)?;
        self.ledger.enter(&entries, next)?;
        Ok(entries.len())
    }
}

/// What `events`, those from the height of `place` on, say beyond `place`, and the place after them.
fn read(
    events: &[ChainEvent],
    place: Place,
    assets: &ContractAddr,
) -> Result<(Vec<(Place, Entry)>, Place), DsoError> {
    let mut entries = Vec::new();
    let mut next = Place {
        height: place.height,
        seen: 0,
    };
    for event in events {
        if event.height > next.height {
            next = Place {
                height: event.height,
                seen: 0,
            };
        }
        let at = next;
        next.seen += 1;
        let is_new = at.height > place.height || at.seen >= place.seen;
        if is_new
            && event.contract.as_ref() == Some(assets)
            && let Some(entry) = entry(event)?
        {
            entries.push((at, entry));
        }
    }
    if next.height == place.height {
        next.seen = next.seen.max(place.seen);
    }
    Ok((entries, next))
}

fn entry(event: &ChainEvent) -> Result<Option<Entry>, DsoError> {
    let holder = || event.attribute("holder").unwrap_or_default().to_owned();
    Ok(match (event.kind.as_str(), event.action()) {
        ("wasm-asset_added", _) => Some(Entry::Issued { holder: holder() }),
        ("wasm-energy_deposited", _) => Some(Entry::Energy(EnergyDeposit {
            holder: holder(),
            side: match event.attribute("side").unwrap_or_default() {
                "sell" => Side::Sell,
                "buy" => Side::Buy,
                other => return Err(unexpected("side", other, "'sell' or 'buy'")),
            },
            interval: attribute(event, "interval", "an interval")?,
            energy: attribute(event, "energy", "Wh")?,
        })),
        ("wasm", Some("financial_deposited")) => Some(Entry::Money(MoneyDeposit {
            holder: holder(),
            amount: attribute(event, "amount", "µ")?,
            as_coins: event.attribute("credit") == Some("coins"),
        })),
        ("wasm", Some("deposits_credited")) => Some(Entry::Credited),
        ("wasm", Some("paid_out")) => Some(Entry::PaidOut),
        ("wasm-payout_failed", _) => Some(Entry::Unpaid(unpaid(event))),
        _ => None,
    })
}

/// Whose payment an event `payout_failed` is about.
pub(super) fn unpaid(event: &ChainEvent) -> PayKey {
    PayKey {
        account: event.attribute("payee").unwrap_or_default().into(),
        as_coins: event.attribute("kind") == Some("address"),
    }
}

fn attribute<T: FromStr>(
    event: &ChainEvent,
    key: &'static str,
    expected: &'static str,
) -> Result<T, DsoError> {
    let found = event.attribute(key).unwrap_or_default();
    found.parse().map_err(|_| unexpected(key, found, expected))
}

fn unexpected(what: &'static str, found: &str, expected: &'static str) -> DsoError {
    DsoError::Unexpected {
        what,
        found: found.into(),
        expected,
    }
}
