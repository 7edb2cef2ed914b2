//! Runs the statements of a case file: matrices, and the conversions that radial distribution
//! cases apply after them (ohm to per unit, kW to MW, power factor).

use std::collections::BTreeMap;

use super::MatpowerError;
use super::expression::{Names, builtin, evaluate, scale};
use super::statements::{JOINED, Statement};

/// A matrix and the line of each row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Matrix {
    pub rows: Vec<Vec<f64>>,
    pub lines: Vec<usize>,
}

/// The state after the statements so far.
#[derive(Debug, Default)]
pub(super) struct Program {
    file: String,
    scalars: BTreeMap<String, f64>,
    matrices: BTreeMap<String, Matrix>,
}

/// Matrices that an import reads; assignments to other fields of `mpc` do not matter to it.
const MATRICES: [&str; 3] = ["bus", "gen", "branch"];
/// Functions that name the columns of a matrix in order.
const COLUMN_NAMES: [&str; 3] = ["idx_bus", "idx_brch", "idx_gen"];

impl Program {
    pub fn run(file: &str, statements: &[Statement]) -> Result<Self, MatpowerError> {
        let mut program = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        for statement in statements {
            program.execute(statement)?;
        }
        Ok(program)
    }

    pub fn scalar(&self, name: &str) -> Option<f64> {
        self.scalars.get(name).copied()
    }

    pub fn matrix(&self, name: &str) -> Option<&Matrix> {
        self.matrices.get(name)
    }

    fn execute(&mut self, statement: &Statement) -> Result<(), MatpowerError> {
        if statement.text.split_whitespace().next() == Some("function") {
            return Ok(());
        }
        let understood = match statement.text.split_once('=') {
            Some((left, right)) => self.assign(left.trim(), right.trim(), statement)?,
            None => false,
        };
        if understood {
            Ok(())
        } else {
            Err(MatpowerError::Unsupported {
                file: self.file.clone(),
                line: statement.line,
                statement: shorten(&statement.text),
            })
        }
    }

    /// Whether the assignment was understood (and carried out).
    fn assign(
        &mut self,
        left: &str,
        right: &str,
        statement: &Statement,
    ) -> Result<bool, MatpowerError> {
        if let Some(names) = left.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            return Ok(self.bind_columns(names, right));
        }
        if let Some((name, columns)) = column_target(left) {
            return Ok(self.scale_columns(name, columns, right));
        }
        match left.strip_prefix("mpc.") {
            Some("version") => Ok(right.trim_matches('\'') == "2"),
            Some("baseMVA") => Ok(self.set_scalar(left, right)),
            Some(name) if MATRICES.contains(&name) => self.set_matrix(name, right, statement),
            Some(name) => Ok(is_name(name)),
            None => Ok(is_name(left) && self.set_scalar(left, right)),
        }
    }

    fn set_scalar(&mut self, name: &str, right: &str) -> bool {
        let value = evaluate(right, self);
        if let Some(value) = value {
            self.scalars.insert(name.to_owned(), value);
        }
        value.is_some()
    }

    fn bind_columns(&mut self, names: &str, right: &str) -> bool {
        if !COLUMN_NAMES.contains(&right) {
            return false;
        }
        // The first names of idx_bus are values of the type column: PQ, PV, REF, NONE = 1 to 4.
        let mut number = 0.0;
        for (i, name) in items(names).enumerate() {
            number = if right == "idx_bus" && i == 4 {
                1.0
            } else {
                number + 1.0
            };
            self.scalars.insert(name.to_owned(), number);
        }
        true
    }

    /// `mpc.M(:, C) = mpc.M(:, D) * a / b …`, with C and D a column or a list of columns.
    fn scale_columns(&mut self, name: &str, columns: &str, right: &str) -> bool {
        let Some(end) = right.find(')') else {
            return false;
        };
        let (source, factors) = right.split_at(end + 1);
        let Some((source_name, source_columns)) = column_target(source) else {
            return false;
        };
        let factors = factors.trim().replace(".*", "*").replace("./", "/");
        let (Some(factor), Some(to), Some(from)) = (
            scale(&factors, self),
            self.columns(columns),
            self.columns(source_columns),
        ) else {
            return false;
        };
        let Some(matrix) = self.matrices.get_mut(name) else {
            return false;
        };
        if source_name != name || to.len() != from.len() {
            return false;
        }
        let width = matrix.rows.first().map_or(0, Vec::len);
        if to.iter().chain(&from).any(|&column| column >= width) {
            return false;
        }
        for row in &mut matrix.rows {
            let values: Vec<f64> = from.iter().map(|&c| row[c] * factor).collect();
            to.iter().zip(values).for_each(|(&c, value)| row[c] = value);
        }
        true
    }

    /// Column indices from 0 of `NAME` or `[NAME NAME]`.
    fn columns(&self, list: &str) -> Option<Vec<usize>> {
        let list = list.trim_start_matches('[').trim_end_matches(']');
        items(list)
            .map(|item| index(evaluate(item, self)?))
            .collect()
    }

    fn set_matrix(
        &mut self,
        name: &str,
        right: &str,
        statement: &Statement,
    ) -> Result<bool, MatpowerError> {
        let Some(body) = right.strip_prefix('[').and_then(|r| r.strip_suffix(']')) else {
            return Ok(false);
        };
        let skipped = statement.text.len() - right.len() + 1;
        let newlines = |text: &str| text.matches(['\n', JOINED]).count();
        let mut line = statement.line + newlines(&statement.text[..skipped]);
        let mut matrix = Matrix::default();
        for text in body.split_inclusive(['\n', ';']) {
            let row = items(text.trim_end_matches([';', '\n']))
                .map(|item| self.element(name, item, line))
                .collect::<Result<Vec<_>, _>>()?;
            if !row.is_empty() {
                self.check_width(name, &matrix, row.len(), line)?;
                matrix.rows.push(row);
                matrix.lines.push(line);
            }
            line += newlines(text);
        }
        self.matrices.insert(name.to_owned(), matrix);
        Ok(true)
    }

    fn element(&self, name: &str, item: &str, line: usize) -> Result<f64, MatpowerError> {
        let value = item.parse().ok().or_else(|| evaluate(item, self));
        value.ok_or_else(|| MatpowerError::Matrix {
            file: self.file.clone(),
            line,
            reason: format!("mpc.{name}: \"{item}\", expected a number"),
        })
    }

    fn check_width(
        &self,
        name: &str,
        matrix: &Matrix,
        found: usize,
        line: usize,
    ) -> Result<(), MatpowerError> {
        let expected = matrix.rows.first().map_or(found, Vec::len);
        if found == expected {
            return Ok(());
        }
        Err(MatpowerError::Matrix {
            file: self.file.clone(),
            line,
            reason: format!("mpc.{name}: {found} columns, expected {expected} as in the first row"),
        })
    }
}

impl Names for Program {
    fn value(&self, name: &str) -> Option<f64> {
        self.scalar(name).or_else(|| builtin(name, &[]))
    }

    fn call(&self, name: &str, args: &[f64]) -> Option<f64> {
        match (name.strip_prefix("mpc."), args) {
            (Some(matrix), &[row, column]) => {
                let row = self.matrices.get(matrix)?.rows.get(index(row)?)?;
                row.get(index(column)?).copied()
            }
            _ => builtin(name, args),
        }
    }
}

/// Name and column list of `mpc.NAME(:, COLUMNS)`.
fn column_target(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.trim().strip_prefix("mpc.")?.split_once('(')?;
    let columns = rest.strip_suffix(')')?.trim().strip_prefix(':')?;
    Some((name.trim(), columns.trim().strip_prefix(',')?.trim()))
}

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|item| !item.is_empty())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Index from 0 of a MATLAB index.
fn index(value: f64) -> Option<usize> {
    (value.fract() == 0.0 && (1.0..1e9).contains(&value)).then(|| value as usize - 1)
}

fn shorten(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
