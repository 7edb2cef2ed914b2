//! Attributes of one event, read with types.

use std::fmt::Display;
use std::str::FromStr;

use cosmwasm_std::Binary;
use gridweave_rules::settlement::Purse;
use gridweave_types::billing::unpack_readings;
use gridweave_types::event::ACTION;
use serde::de::DeserializeOwned;

use super::LoggedEvent;
use crate::AuditError;

/// Most characters of a value that an error repeats.
const SHOWN: usize = 80;

/// Attributes of one event.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    event: &'a LoggedEvent,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(event: &'a LoggedEvent) -> Self {
        Self { event }
    }

    /// What was done: the event's own name, or the `action` of a response.
    pub(crate) fn name(&self) -> Result<&'a str, AuditError> {
        match self.event.name() {
            Some(name) => Ok(name),
            None => self.text(ACTION),
        }
    }

    /// The same for messages about the event.
    fn shown_name(&self) -> String {
        let mut attributes = self.event.attributes.iter();
        let action = attributes.find(|(key, _)| key == ACTION);
        let name = self.event.name().or(action.map(|(_, name)| name.as_str()));
        shorten(name.unwrap_or(&self.event.kind))
    }

    pub(crate) fn optional(&self, key: &str) -> Result<Option<&'a str>, AuditError> {
        let attributes = self.event.attributes.iter();
        let mut values = attributes.filter(|(name, _)| name == key);
        let first = values.next().map(|(_, value)| value.as_str());
        match values.count() {
            0 => Ok(first),
            more => Err(self.count(key, more + 1)),
        }
    }

    /// All values of an attribute, in order.
    pub(crate) fn all(&self, key: &str) -> Vec<&'a str> {
        let attributes = self.event.attributes.iter();
        let own = attributes.filter(|(name, _)| name == key);
        own.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn text(&self, key: &str) -> Result<&'a str, AuditError> {
        self.optional(key)?.ok_or_else(|| self.count(key, 0))
    }

    /// A number, written as numbers are: no sign or zero in front that is not needed.
    pub(crate) fn number<T: FromStr + Display>(&self, key: &str) -> Result<T, AuditError> {
        let text = self.text(key)?;
        let number = text.parse::<T>().ok();
        number
            .filter(|number| number.to_string() == text)
            .ok_or_else(|| self.wrong(key, text, "a number in range"))
    }

    pub(crate) fn truth(&self, key: &str) -> Result<bool, AuditError> {
        match self.text(key)? {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(self.wrong(key, other, "true or false")),
        }
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, key: &str) -> Result<T, AuditError> {
        let text = self.text(key)?;
        serde_json::from_str(text)
            .map_err(|error| self.wrong(key, text, &format!("JSON of its type ({error})")))
    }

    pub(crate) fn bytes(&self, key: &str) -> Result<Binary, AuditError> {
        let text = self.text(key)?;
        Binary::from_base64(text).map_err(|_| self.wrong(key, text, "base64"))
    }

    /// Packed signed numbers of 8 bytes each.
    pub(crate) fn longs(&self, key: &str) -> Result<Vec<i64>, AuditError> {
        let bytes = self.bytes(key)?;
        let numbers = unpack_readings(&bytes);
        numbers.ok_or_else(|| self.wrong(key, &bytes.to_base64(), "8 bytes a number"))
    }

    /// Packed interval numbers of 4 bytes each.
    pub(crate) fn intervals(&self, key: &str) -> Result<Vec<u32>, AuditError> {
        let bytes = self.bytes(key)?;
        let (chunks, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(self.wrong(key, &bytes.to_base64(), "4 bytes a number"));
        }
        let chunks = chunks.iter();
        Ok(chunks.map(|chunk| u32::from_le_bytes(*chunk)).collect())
    }

    /// What the account has then.
    pub(crate) fn purse(&self) -> Result<Purse, AuditError> {
        Ok(Purse {
            balance: self.number("balance")?,
            collateral: self.number("collateral")?,
            receivable: self.number("receivable")?,
            arrears: self.number("arrears")?,
        })
    }

    /// The error of a value that is not what it must be.
    pub(crate) fn wrong(&self, key: &str, value: &str, expected: &str) -> AuditError {
        AuditError::Attribute {
            height: self.event.height,
            event: self.shown_name(),
            attribute: key.into(),
            value: shorten(value),
            expected: expected.into(),
        }
    }

    /// The error of an event that must not be here.
    pub(crate) fn misplaced(&self, expected: &str) -> AuditError {
        AuditError::Event {
            height: self.event.height,
            event: self.shown_name(),
            expected: expected.into(),
        }
    }

    fn count(&self, key: &str, times: usize) -> AuditError {
        AuditError::Count {
            height: self.event.height,
            event: self.shown_name(),
            attribute: key.into(),
            times,
        }
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(attributes: &[(&str, &str)]) -> LoggedEvent {
        let attributes = attributes.iter();
        LoggedEvent {
            height: 7,
            time: 0,
            contract: "billing".into(),
            kind: "wasm-statement".into(),
            attributes: attributes
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect(),
        }
    }

    #[test]
    fn numbers_have_one_form() {
        let event = event(&[
            ("a", "-12"),
            ("b", "+12"),
            ("c", "012"),
            ("d", "-0"),
            ("e", "x"),
        ]);
        let fields = Fields::of(&event);
        assert_eq!(fields.number::<i64>("a").unwrap(), -12);
        assert!(fields.number::<u64>("a").is_err());
        for key in ["b", "c", "d"] {
            assert!(fields.number::<i64>(key).is_err(), "{key}");
        }
        assert_eq!(
            fields.number::<i64>("e").unwrap_err().to_string(),
            "height 7, event 'statement': attribute 'e' is 'x', expected a number in range"
        );
    }

    #[test]
    fn attributes_are_there_once() {
        let event = event(&[("a", "1"), ("a", "1")]);
        let fields = Fields::of(&event);
        let twice = fields.text("a").unwrap_err().to_string();
        assert!(twice.contains("2 times"), "{twice}");
        let never = fields.text("b").unwrap_err().to_string();
        assert!(never.contains("0 times"), "{never}");
        assert_eq!(fields.optional("b").unwrap(), None);
    }

    #[test]
    fn packed_numbers_are_whole() {
        let event = event(&[("a", "AQAAAA=="), ("b", "AQA="), ("c", "?")]);
        let fields = Fields::of(&event);
        assert_eq!(fields.intervals("a").unwrap(), [1]);
        assert!(fields.longs("a").is_err());
        assert!(fields.intervals("b").is_err());
        assert!(fields.bytes("c").is_err());
    }

    #[test]
    fn long_values_are_shortened_between_characters() {
        let long = "µ".repeat(200);
        let short = shorten(&long);
        assert_eq!(short.chars().count(), SHOWN + 1);
    }
}
