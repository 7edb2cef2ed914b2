//! A value per interval, written as a number, a list or a column of a CSV file.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::clock::Clock;
use super::error::ScenarioError;
use super::source::Source;
use crate::Flaw;
use crate::check::{all_finite, length};

/// How a series is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Series {
    /// The same in every interval.
    Constant(f64),
    /// One value per interval.
    List(Vec<f64>),
    /// One value per hour, from its beginning again where the horizon is longer.
    Csv(Column),
}

/// A column of a CSV file times a factor.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub csv: String,
    pub column: String,
    #[serde(default = "one")]
    pub scale: f64,
}

fn one() -> f64 {
    1.0
}

impl Series {
    /// The values, one per interval; `key` names the series in errors.
    pub fn values(
        &self,
        key: &str,
        clock: Clock,
        source: &Source,
    ) -> Result<Vec<f64>, ScenarioError> {
        let values = match self {
            Self::Constant(value) => vec![*value; clock.horizon],
            Self::List(values) => {
                length(key, values, clock.horizon).map_err(|flaw| source.value_error(flaw))?;
                values.clone()
            }
            Self::Csv(column) => column.values(key, clock, source)?,
        };
        all_finite(key, &values).map_err(|flaw| source.value_error(flaw))?;
        Ok(values)
    }
}

impl Column {
    fn values(&self, key: &str, clock: Clock, source: &Source) -> Result<Vec<f64>, ScenarioError> {
        let table = source.table(key, &self.csv)?;
        let column = table.column(&self.column);
        let hourly = column.map_err(|e| source.profile_error(key, e))?;
        let (rows, hours) = (hourly.len(), clock.hours());
        if rows < hours && rows % 24 != 0 {
            let found = format!("{rows} rows of {}", self.csv);
            let expected = format!("at least {hours} hourly rows, or whole days to repeat");
            return Err(source.value_error(Flaw::new(key, found, expected)));
        }
        let value = |t| hourly[clock.hour(t) % rows] * self.scale;
        Ok((0..clock.horizon).map(value).collect())
    }
}

impl<'de> Deserialize<'de> for Series {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeriesVisitor)
    }
}

struct SeriesVisitor;

impl<'de> Visitor<'de> for SeriesVisitor {
    type Value = Series;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a list of numbers or a table { csv, column, scale }")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Series, E> {
        Ok(Series::Constant(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Series, E> {
        Ok(Series::Constant(value as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Series, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Series::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Series, A::Error> {
        Column::deserialize(de::value::MapAccessDeserializer::new(map)).map(Series::Csv)
    }
}
