//! Messages of the market's contracts, and the attributes they have.

use gridweave_rules::market::{Layout, Trade, unpack_trades};
use gridweave_types::assets::{ClaimClass, PermitClass, Side};
use gridweave_units::Interval;

use crate::AuditError;
use crate::event::{Fields, LoggedEvent};

/// A message that took effect: its response, and the events beside it.
pub(crate) struct Announced<'a> {
    pub height: u64,
    pub time: u64,
    /// Name of the action.
    pub name: String,
    pub response: Fields<'a>,
    pub details: Vec<Fields<'a>>,
}

/// Groups the events of one contract: a response comes first, then what it announces beside it.
pub(crate) fn announced<'a>(events: &[&'a LoggedEvent]) -> Result<Vec<Announced<'a>>, AuditError> {
    let mut messages: Vec<Announced> = Vec::new();
    for &event in events {
        let fields = Fields::of(event);
        if event.name().is_none() {
            messages.push(Announced {
                height: event.height,
                time: event.time,
                name: fields.name()?.to_owned(),
                response: fields,
                details: Vec::new(),
            });
            continue;
        }
        let own = messages.last_mut();
        let own = own.filter(|message| message.height == event.height);
        let own = own.ok_or_else(|| fields.misplaced("the response that it belongs to"))?;
        own.details.push(fields);
    }
    Ok(messages)
}

impl<'a> Fields<'a> {
    pub(crate) fn owned(&self, key: &str) -> Result<String, AuditError> {
        Ok(self.text(key)?.to_owned())
    }

    pub(super) fn side(&self) -> Result<Side, AuditError> {
        match self.text("side")? {
            "sell" => Ok(Side::Sell),
            "buy" => Ok(Side::Buy),
            other => Err(self.wrong("side", other, "sell or buy")),
        }
    }

    /// A permit's class, its intervals under `key`.
    pub(super) fn permit(&self, key: &str) -> Result<PermitClass, AuditError> {
        let text = self.text(key)?;
        let intervals = text.parse();
        Ok(PermitClass {
            side: self.side()?,
            feeder: self.number("feeder")?,
            intervals: intervals.map_err(|_| self.wrong(key, text, "a set of intervals"))?,
        })
    }

    pub(super) fn claim(&self) -> Result<ClaimClass, AuditError> {
        Ok(ClaimClass {
            side: self.side()?,
            feeder: self.number("feeder")?,
            interval: self.number("interval")?,
        })
    }

    /// A list of numbers separated by commas; empty without the attribute.
    pub(super) fn list(&self, key: &str) -> Result<Vec<u32>, AuditError> {
        let Some(text) = self.optional(key)? else {
            return Ok(Vec::new());
        };
        let numbers = text.split(',').map(str::parse);
        let numbers: Result<Vec<u32>, _> = numbers.collect();
        numbers.map_err(|_| self.wrong(key, text, "numbers separated by commas"))
    }

    /// Packed numbers of 8 bytes each.
    pub(super) fn words(&self, key: &str) -> Result<Vec<u64>, AuditError> {
        let bytes = self.bytes(key)?;
        let (chunks, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(self.wrong(key, &bytes.to_base64(), "8 bytes a number"));
        }
        let chunks = chunks.iter();
        Ok(chunks.map(|chunk| u64::from_le_bytes(*chunk)).collect())
    }

    /// Packed numbers of 16 bytes each.
    pub(crate) fn wide_words(&self, key: &str) -> Result<Vec<u128>, AuditError> {
        let bytes = self.bytes(key)?;
        let (chunks, rest) = bytes.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(self.wrong(key, &bytes.to_base64(), "16 bytes a number"));
        }
        let chunks = chunks.iter();
        Ok(chunks.map(|chunk| u128::from_le_bytes(*chunk)).collect())
    }

    /// Packed trades of an interval.
    pub(super) fn trades(&self, key: &str, interval: u32) -> Result<Vec<Trade>, AuditError> {
        let bytes = self.bytes(key)?;
        let wrong = || self.wrong(key, &bytes.to_base64(), "20 bytes a trade");
        let trades = unpack_trades(Layout::Stored, Interval(interval), &bytes);
        let trades: Result<Vec<Trade>, _> = trades.map_err(|_| wrong())?.collect();
        trades.map_err(|_| wrong())
    }
}
