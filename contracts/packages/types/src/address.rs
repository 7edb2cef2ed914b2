//! Addresses of messages.

use cosmwasm_std::{Addr, Api};

/// A malformed address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: '{value}' is not an address ({reason})")]
pub struct InvalidAddress {
    /// Field of the message.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// What is wrong.
    pub reason: String,
}

/// Parses an address of a message.
///
/// # Errors
/// [`InvalidAddress`].
pub fn parse(api: &dyn Api, field: &'static str, value: &str) -> Result<Addr, InvalidAddress> {
    api.addr_validate(value).map_err(|error| InvalidAddress {
        field,
        value: value.into(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockApi;

    use super::*;

    #[test]
    fn an_address_is_taken_and_anything_else_named() {
        let api = MockApi::default();
        let address = api.addr_make("somebody");
        assert_eq!(parse(&api, "payee", address.as_str()), Ok(address));
        let refused = parse(&api, "payee", "x").unwrap_err().to_string();
        assert!(
            refused.starts_with("payee: 'x' is not an address ("),
            "{refused}"
        );
    }
}
