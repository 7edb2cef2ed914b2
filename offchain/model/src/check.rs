//! A value that is not what it must be, with the key where it stands.

use std::fmt::{self, Display};

/// One wrong value: where it stands, what it is, what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Path of the key, such as `bus[2].battery[0].eta_in`.
    pub key: String,
    /// The value found.
    pub value: String,
    /// What would have been accepted.
    pub expected: String,
}

impl Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            value,
            expected,
        } = self;
        write!(f, "`{key}` is {value}, expected {expected}")
    }
}

impl std::error::Error for Flaw {}

impl Flaw {
    /// A flaw of `value` at `key`.
    pub fn new(key: impl Into<String>, value: impl Display, expected: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.to_string(),
            expected: expected.into(),
        }
    }

    /// The same flaw one level further out: `prefix.key`.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        self.key = format!("{prefix}.{}", self.key);
        self
    }

    /// The same flaw under the name that a file format gives the field.
    #[must_use]
    pub(crate) fn renamed(mut self, names: &[(&str, &str)]) -> Self {
        let end = self.key.find('[').unwrap_or(self.key.len());
        if let Some((_, name)) = names.iter().find(|(field, _)| *field == &self.key[..end]) {
            self.key.replace_range(..end, name);
        }
        self
    }
}

/// Passes when `ok` holds.
pub(crate) fn ensure(
    ok: bool,
    key: &str,
    value: impl Display,
    expected: impl Into<String>,
) -> Result<(), Flaw> {
    if ok {
        Ok(())
    } else {
        Err(Flaw::new(key, value, expected))
    }
}

/// Passes for a finite value of at least `min`.
pub(crate) fn at_least(key: &str, value: f64, min: f64) -> Result<(), Flaw> {
    let ok = value.is_finite() && value >= min;
    ensure(ok, key, value, format!("a number of at least {min}"))
}

/// Passes for a finite value above `min`.
pub(crate) fn above(key: &str, value: f64, min: f64) -> Result<(), Flaw> {
    let ok = value.is_finite() && value > min;
    ensure(ok, key, value, format!("a number above {min}"))
}

/// Passes for a value in `[min, max]`.
pub(crate) fn within(key: &str, value: f64, min: f64, max: f64) -> Result<(), Flaw> {
    let ok = (min..=max).contains(&value);
    ensure(ok, key, value, format!("a number from {min} to {max}"))
}

/// Passes when `values` has `expected` entries.
pub(crate) fn length(key: &str, values: &[f64], expected: usize) -> Result<(), Flaw> {
    ensure(
        values.len() == expected,
        key,
        format_args!("a list of {}", values.len()),
        format!("{expected} numbers, one per interval"),
    )
}

/// Passes when every entry is finite and at least `min`; names the first that is not.
pub(crate) fn all_at_least(key: &str, values: &[f64], min: f64) -> Result<(), Flaw> {
    for (i, &value) in values.iter().enumerate() {
        at_least(&format!("{key}[{i}]"), value, min)?;
    }
    Ok(())
}

/// Passes when every entry is finite.
pub(crate) fn all_finite(key: &str, values: &[f64]) -> Result<(), Flaw> {
    for (i, value) in values.iter().enumerate() {
        ensure(
            value.is_finite(),
            &format!("{key}[{i}]"),
            value,
            "a finite number",
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_names_key_value_and_expectation() {
        let flaw = at_least("eta", -0.5, 0.0).unwrap_err().within("bus[1]");
        assert_eq!(
            flaw.to_string(),
            "`bus[1].eta` is -0.5, expected a number of at least 0"
        );
    }

    #[test]
    fn nan_passes_no_check() {
        assert!(at_least("a", f64::NAN, 0.0).is_err());
        assert!(above("a", f64::NAN, 0.0).is_err());
        assert!(within("a", f64::NAN, 0.0, 1.0).is_err());
        assert!(all_finite("a", &[0.0, f64::NAN]).is_err());
    }

    #[test]
    fn renaming_touches_only_the_listed_field() {
        let names = [("energy", "energy_kwh")];
        let flaw = Flaw::new("energy", 1, "2").renamed(&names);
        assert_eq!(flaw.key, "energy_kwh");
        let entry = Flaw::new("energy[3]", 1, "2").renamed(&names);
        assert_eq!(entry.key, "energy_kwh[3]");
        let other = Flaw::new("eta", 1, "2").renamed(&names);
        assert_eq!(other.key, "eta");
    }
}
