//! Parameters of messages and their ranges.

use std::fmt::Display;

/// A parameter is out of range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {value}, expected {expected}")]
pub struct InvalidParameter {
    /// Field of the message.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// What it may be.
    pub expected: String,
}

/// The error of a parameter out of range, as the error of any contract that has it.
pub fn invalid<E: From<InvalidParameter>>(
    field: &'static str,
    value: &impl Display,
    expected: impl Into<String>,
) -> E {
    E::from(InvalidParameter {
        field,
        value: value.to_string(),
        expected: expected.into(),
    })
}

/// Checks that a number is within its range.
///
/// # Errors
/// [`InvalidParameter`].
pub fn within<T: PartialOrd + Display>(
    field: &'static str,
    value: T,
    least: T,
    most: T,
) -> Result<(), InvalidParameter> {
    if least <= value && value <= most {
        return Ok(());
    }
    Err(invalid(field, &value, format!("{least} to {most}")))
}

/// Bank denoms have 3 to 128 bytes.
///
/// # Errors
/// [`InvalidParameter`].
pub fn check_denom(denom: &str) -> Result<(), InvalidParameter> {
    match denom.len() {
        3..=128 => Ok(()),
        _ => Err(invalid("denom", &denom, "3 to 128 bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_range_belong_to_it() {
        assert_eq!(within("limit", 1, 1, 3), Ok(()));
        assert_eq!(within("limit", 3, 1, 3), Ok(()));
        let refused = within("limit", 4, 1, 3).unwrap_err();
        assert_eq!(refused.to_string(), "limit is 4, expected 1 to 3");
        assert!(within("limit", 0, 1, 3).is_err());
    }

    #[test]
    fn a_denom_has_the_length_that_the_bank_takes() {
        assert_eq!(check_denom("abc"), Ok(()));
        let refused = check_denom("ab").unwrap_err();
        assert_eq!(refused.to_string(), "denom is ab, expected 3 to 128 bytes");
        assert!(check_denom(&"a".repeat(129)).is_err());
    }
}
