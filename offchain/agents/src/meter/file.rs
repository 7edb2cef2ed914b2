//! Readings from a CSV file with the columns `interval` and `energy_wh`.

use std::fs;
use std::path::Path;

use super::Series;

/// The header that a file must have.
const HEADER: [&str; 2] = ["interval", "energy_wh"];

/// Why a file of readings is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingsError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A line is not what it must be.
    #[error("{file}, line {line}, {field}: '{value}', expected {expected}")]
    Line {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Which field of the line.
        field: &'static str,
        /// The text found.
        value: String,
        /// What would have been accepted.
        expected: String,
    },
}

/// Reads `path`: one line an interval, ascending without a gap. A file that grows while it is read
/// may end in the middle of a line, which is left for later.
///
/// # Errors
/// [`ReadingsError`] naming file, line and field.
pub fn load(path: &Path) -> Result<Series, ReadingsError> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| ReadingsError::Read {
        file: file.clone(),
        reason: error.to_string(),
    })?;
    parse(&file, &text)
}

/// The same for `text`; `file` names it in errors.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<Series, ReadingsError> {
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut lines = complete.lines().zip(1..);
    let (header, _) = lines.next().unwrap_or_default();
    let names: Vec<&str> = header.split(',').map(str::trim).collect();
    if names != HEADER {
        return Err(wrong(file, 1, "header", header, HEADER.join(",")));
    }
    let mut first = None;
    let mut readings = Vec::new();
    for (text, line) in lines {
        let (interval, energy) = row(file, line, text)?;
        let expected = first.map(|first: u32| first.saturating_add(readings.len() as u32));
        if let Some(expected) = expected.filter(|&expected| expected != interval) {
            let found = interval.to_string();
            return Err(wrong(file, line, HEADER[0], &found, expected.to_string()));
        }
        first.get_or_insert(interval);
        readings.push(energy);
    }
    Ok(Series::prompt(first.unwrap_or_default(), readings))
}

fn row(file: &str, line: usize, text: &str) -> Result<(u32, i64), ReadingsError> {
    let fields: Vec<&str> = text.split(',').map(str::trim).collect();
    let [interval, energy] = fields[..] else {
        return Err(wrong(file, line, "fields", text, "two, as in the header"));
    };
    let number = "a whole number from 0 to 4294967295";
    let interval = interval
        .parse()
        .map_err(|_| wrong(file, line, HEADER[0], interval, number))?;
    let energy = energy
        .parse()
        .map_err(|_| wrong(file, line, HEADER[1], energy, "a whole number of Wh"))?;
    Ok((interval, energy))
}

fn wrong(
    file: &str,
    line: usize,
    field: &'static str,
    value: &str,
    expected: impl Into<String>,
) -> ReadingsError {
    ReadingsError::Line {
        file: file.into(),
        line,
        field,
        value: value.into(),
        expected: expected.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_series() {
        let series = parse("m.csv", "interval,energy_wh\n96,-1200\n97, 30\n").unwrap();
        assert_eq!(series, Series::prompt(96, vec![-1_200, 30]));
    }

    #[test]
    fn a_line_that_is_being_written_is_left_for_later() {
        let series = parse("m.csv", "interval,energy_wh\n96,-1200\n97,3").unwrap();
        assert_eq!(series, Series::prompt(96, vec![-1_200]));
    }

    #[test]
    fn errors_name_line_and_field() {
        for (text, expected) in [
            (
                "interval,energy\n",
                "m.csv, line 1, header: 'interval,energy', expected interval,energy_wh",
            ),
            ("", "m.csv, line 1, header: '', expected interval,energy_wh"),
            (
                "interval,energy_wh\n1,5\n-2,5\n",
                "m.csv, line 3, interval: '-2', expected a whole number from 0 to 4294967295",
            ),
            (
                "interval,energy_wh\n1,5.5\n",
                "m.csv, line 2, energy_wh: '5.5', expected a whole number of Wh",
            ),
            (
                "interval,energy_wh\n1,5\n3,5\n",
                "m.csv, line 3, interval: '3', expected 2",
            ),
            (
                "interval,energy_wh\n1,5,7\n",
                "m.csv, line 2, fields: '1,5,7', expected two, as in the header",
            ),
        ] {
            assert_eq!(parse("m.csv", text).unwrap_err().to_string(), expected);
        }
        let missing = load(Path::new("no-such.csv")).unwrap_err();
        assert!(
            missing
                .to_string()
                .starts_with("no-such.csv: cannot be read")
        );
    }
}
