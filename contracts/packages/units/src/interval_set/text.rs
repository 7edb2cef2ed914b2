//! Sets as text: their runs in ascending order, like `17-20,23`.

use core::fmt;
use core::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use super::IntervalSet;
use crate::Interval;

/// A text that is not a set of intervals as [`IntervalSet`] writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{input}' is not a set of intervals, expected ascending runs like '17-20,23' no more than 128 intervals wide"
)]
pub struct ParseIntervalSetError {
    /// The rejected text, its first 64 characters.
    pub input: String,
}

/// Most characters of a rejected text that an error repeats.
const MAX_SHOWN: usize = 64;
/// Bytes of the longest text of a set: 64 single intervals of 10 digits and the commas between.
const MAX_BYTES: usize = 64 * 11 - 1;

impl fmt::Display for IntervalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = Some(*self);
        let mut separator = "";
        while let Some(set) = rest {
            let run = set.first_run();
            let (first, last) = (run.first().0, run.last().0);
            if first == last {
                write!(f, "{separator}{first}")?;
            } else {
                write!(f, "{separator}{first}-{last}")?;
            }
            separator = ",";
            rest = set.minus(run);
        }
        Ok(())
    }
}

impl FromStr for IntervalSet {
    type Err = ParseIntervalSetError;

    /// Takes exactly what is written for a set, so that one set has one text.
    fn from_str(text: &str) -> Result<Self, ParseIntervalSetError> {
        let set = (text.len() <= MAX_BYTES).then(|| parse(text)).flatten();
        set.filter(|set| set.to_string() == text)
            .ok_or_else(|| ParseIntervalSetError {
                input: text.chars().take(MAX_SHOWN).collect(),
            })
    }
}

impl IntervalSet {
    /// The longest contiguous subset that begins with the first interval.
    fn first_run(self) -> Self {
        let count = self.bitmap.trailing_ones();
        Self {
            first: self.first,
            bitmap: u128::MAX >> (Self::MAX_WIDTH - count),
        }
    }
}

fn parse(text: &str) -> Option<IntervalSet> {
    let mut runs = text.split(',').map(parse_run);
    let first = runs.next()??;
    runs.try_fold(first, |set, run| set.union(run?))
}

fn parse_run(text: &str) -> Option<IntervalSet> {
    let Some((first, last)) = text.split_once('-') else {
        return text.parse().ok().map(Interval).map(IntervalSet::single);
    };
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    let count = last.checked_sub(first)?.checked_add(1)?;
    IntervalSet::span(Interval(first), count)
}

impl Serialize for IntervalSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IntervalSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for IntervalSet {
    fn schema_name() -> String {
        "IntervalSet".into()
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> schemars::schema::Schema {
        let mut schema = String::json_schema(generator).into_object();
        schema.metadata().description = Some(
            "A set of intervals as its runs in ascending order, like '17-20,23', no more than 128 intervals wide.".into(),
        );
        schema.into()
    }
}

impl cw_schema::Schemaifier for IntervalSet {
    fn visit_schema(visitor: &mut cw_schema::SchemaVisitor) -> cw_schema::DefinitionReference {
        String::visit_schema(visitor)
    }
}
