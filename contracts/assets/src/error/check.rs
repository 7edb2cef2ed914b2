//! Checks that several messages share.

use gridweave_types::parameter::{InvalidParameter, within};

use super::ContractError;

/// The error of a sum that exceeds its range.
pub const fn overflow(what: &'static str) -> ContractError {
    ContractError::Overflow { what }
}

/// Checks the number of rows of a message.
///
/// # Errors
/// [`InvalidParameter`].
pub fn check_rows(field: &'static str, rows: usize, most: usize) -> Result<(), InvalidParameter> {
    within(field, rows, 1, most)
}
