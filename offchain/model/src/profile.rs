//! CSV tables: a header and columns of numbers.

/// A table of numbers with named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    file: String,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

/// Why a CSV file is not a table of numbers.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The file is not CSV, or a row has the wrong number of fields.
    #[error("{file}, line {line}: {reason}")]
    Row {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A field is not a finite number.
    #[error("{file}, line {line}, column `{column}`: \"{value}\", expected a finite number")]
    Number {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The text found.
        value: String,
    },
    /// There is no such column.
    #[error("{file}: no column `{column}`, expected one of {known}")]
    Column {
        /// The file.
        file: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: String,
    },
    /// There are no rows.
    #[error("{file}: no rows below the header, expected at least one")]
    Empty {
        /// The file.
        file: String,
    },
}

impl Table {
    /// Parses CSV text; `file` names it in errors.
    ///
    /// # Errors
    /// [`ProfileError`] with file, line, column, value and what was expected.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| row_error(file, &e))?;
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        let mut columns = vec![Vec::new(); names.len()];
        for record in reader.records() {
            let record = record.map_err(|e| row_error(file, &e))?;
            let line = record.position().map_or(0, csv::Position::line);
            for ((field, name), column) in record.iter().zip(&names).zip(&mut columns) {
                column.push(number(file, line, name, field)?);
            }
        }
        if columns.first().is_none_or(Vec::is_empty) {
            return Err(ProfileError::Empty {
                file: file.to_owned(),
            });
        }
        Ok(Self {
            file: file.to_owned(),
            names,
            columns,
        })
    }

    /// Reads and parses a CSV file.
    ///
    /// # Errors
    /// As [`Table::parse`], and [`ProfileError::Read`].
    pub fn load(path: &std::path::Path) -> Result<Self, ProfileError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| ProfileError::Read {
            file: file.clone(),
            reason: e.to_string(),
        })?;
        Self::parse(&file, &text)
    }

    /// The column called `name`.
    ///
    /// # Errors
    /// [`ProfileError::Column`] lists the columns there are.
    pub fn column(&self, name: &str) -> Result<&[f64], ProfileError> {
        let index = self.names.iter().position(|n| n == name);
        match index {
            Some(i) => Ok(&self.columns[i]),
            None => Err(ProfileError::Column {
                file: self.file.clone(),
                column: name.to_owned(),
                known: self.names.join(", "),
            }),
        }
    }

    /// Number of rows below the header, at least 1.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

fn number(file: &str, line: u64, column: &str, field: &str) -> Result<f64, ProfileError> {
    match field.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(ProfileError::Number {
            file: file.to_owned(),
            line,
            column: column.to_owned(),
            value: field.to_owned(),
        }),
    }
}

fn row_error(file: &str, error: &csv::Error) -> ProfileError {
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} fields, expected {expected_len} as in the header"),
        _ => error.to_string(),
    };
    ProfileError::Row {
        file: file.to_owned(),
        line: error.position().map_or(0, csv::Position::line),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let table = Table::parse("p.csv", "hour, price\n0, 10.5\n1, 9\n").unwrap();
        assert_eq!(table.column("price").unwrap(), [10.5, 9.0]);
        assert_eq!(table.rows(), 2);
    }

    #[test]
    fn errors_name_file_line_column_and_value() {
        let message = |text: &str| Table::parse("p.csv", text).unwrap_err().to_string();
        assert_eq!(
            message("hour,price\n0,1\n1,x\n"),
            "p.csv, line 3, column `price`: \"x\", expected a finite number"
        );
        assert_eq!(
            message("hour,price\n0,inf\n"),
            "p.csv, line 2, column `price`: \"inf\", expected a finite number"
        );
        assert_eq!(
            message("hour,price\n0,1\n1\n"),
            "p.csv, line 3: 1 fields, expected 2 as in the header"
        );
        assert_eq!(
            message("hour,price\n"),
            "p.csv: no rows below the header, expected at least one"
        );
        let table = Table::parse("p.csv", "hour,price\n0,1\n").unwrap();
        assert_eq!(
            table.column("cost").unwrap_err().to_string(),
            "p.csv: no column `cost`, expected one of hour, price"
        );
    }
}
