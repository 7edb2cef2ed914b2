//! Reads attributes of the market's events.

use std::str::FromStr;

use gridweave_chain::ChainEvent;

use crate::AgentError;

/// The attribute `key`, parsed; `expected` says what it should be.
pub(super) fn read<T: FromStr>(
    event: &ChainEvent,
    key: &'static str,
    expected: &'static str,
) -> Result<T, AgentError> {
    let found = event.attribute(key).unwrap_or_default();
    found.parse().map_err(|_| unexpected(key, found, expected))
}

/// A list of offers, separated by commas; empty without the attribute.
pub(super) fn offers(event: &ChainEvent, key: &'static str) -> Result<Vec<u32>, AgentError> {
    let Some(list) = event.attribute(key) else {
        return Ok(Vec::new());
    };
    let number = |text: &str| text.parse();
    let numbers: Result<_, _> = list.split(',').map(number).collect();
    numbers.map_err(|_| unexpected(key, list, "offer numbers"))
}

/// An attribute that is not what the contract promises.
pub(super) fn unexpected(what: &'static str, found: &str, expected: &'static str) -> AgentError {
    AgentError::Unexpected {
        what,
        found: found.into(),
        expected,
    }
}
