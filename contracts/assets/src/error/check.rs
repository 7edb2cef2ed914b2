//! Checks that several messages share.

use super::ContractError;

/// The error of a sum that exceeds its range.
pub const fn overflow(what: &'static str) -> ContractError {
    ContractError::Overflow { what }
}

/// The error of a parameter out of range.
pub fn invalid(
    field: &'static str,
    value: &impl std::fmt::Display,
    expected: &str,
) -> ContractError {
    ContractError::InvalidParameter {
        field,
        value: value.to_string(),
        expected: expected.into(),
    }
}

/// Checks that a number is within its range.
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn within<T: PartialOrd + std::fmt::Display>(
    field: &'static str,
    value: T,
    least: T,
    most: T,
) -> Result<(), ContractError> {
    if least <= value && value <= most {
        return Ok(());
    }
    Err(invalid(field, &value, &format!("{least} to {most}")))
}

/// Checks the number of rows of a message.
///
/// # Errors
/// [`ContractError::InvalidParameter`].
pub fn check_rows(field: &'static str, rows: usize, most: usize) -> Result<(), ContractError> {
    within(field, rows, 1, most)
}
