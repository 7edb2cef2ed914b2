//! New figures against those of a file. Time depends on the machine and is not compared.

use std::collections::BTreeMap;

use super::report::{Key, Row};

/// Growth of gas that passes, per mille.
const TOLERANCE: u64 = 30;

/// Rows whose gas is not that of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    grown: Vec<Change>,
    shrunk: Vec<Change>,
    missing: Vec<Key>,
    compared: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    key: Key,
    before: u64,
    now: u64,
}

impl Comparison {
    /// Compares the rows `now` with those of the same key in `before`.
    pub fn new(before: &[Row], now: &[Row]) -> Self {
        let known: BTreeMap<&Key, u64> =
            before.iter().map(|row| (&row.key, row.cost.gas)).collect();
        let mut comparison = Self::default();
        for row in now {
            match known.get(&row.key) {
                None => comparison.missing.push(row.key.clone()),
                Some(&gas) => comparison.add(row, gas),
            }
        }
        comparison
    }

    fn add(&mut self, row: &Row, before: u64) {
        let now = row.cost.gas;
        let change = Change {
            key: row.key.clone(),
            before,
            now,
        };
        self.compared += 1;
        if exceeds(now, before) {
            self.grown.push(change);
        } else if exceeds(before, now) {
            self.shrunk.push(change);
        }
    }

    /// Whether nothing has grown and nothing is missing in the file.
    pub fn passes(&self) -> bool {
        self.grown.is_empty() && self.missing.is_empty()
    }

    /// The differences, a line each.
    pub fn describe(&self) -> String {
        let changes = |what: &str, rows: &[Change]| {
            let line = |row: &Change| {
                let (before, now) = (row.before, row.now);
                let percent = 100.0 * (now as f64 / before as f64 - 1.0);
                format!("{what}  {}: {before} to {now} ({percent:+.1} %)\n", row.key)
            };
            rows.iter().map(line).collect::<String>()
        };
        let missing = self.missing.iter();
        let missing: String = missing
            .map(|key| format!("not in the file  {key}\n"))
            .collect();
        changes("grown", &self.grown)
            + &changes("shrunk", &self.shrunk)
            + &missing
            + &format!(
                "{} rows compared, {} grown, {} shrunk, {} not in the file\n",
                self.compared,
                self.grown.len(),
                self.shrunk.len(),
                self.missing.len()
            )
    }
}

/// Whether `gas` is above `base` by more than the tolerance.
fn exceeds(gas: u64, base: u64) -> bool {
    u128::from(gas) * 1_000 > u128::from(base) * u128::from(1_000 + TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::super::report::row;
    use super::*;

    fn compare(before: u64, now: u64) -> Comparison {
        Comparison::new(&[row("open", 10, before)], &[row("open", 10, now)])
    }

    #[test]
    fn growth_beyond_three_percent_fails() {
        assert!(compare(100_000, 103_000).passes());
        let grown = compare(100_000, 103_100);
        assert!(!grown.passes());
        let text = grown.describe();
        assert!(
            text.contains("grown  coordinator open (pool, 10 agents, 24 intervals)"),
            "{text}"
        );
        assert!(text.contains("100000 to 103100 (+3.1 %)"), "{text}");
    }

    #[test]
    fn less_gas_is_told_and_passes() {
        let shrunk = compare(100_000, 90_000);
        assert!(shrunk.passes());
        assert!(shrunk.describe().starts_with("shrunk  "));
        assert!(
            compare(100_000, 99_000)
                .describe()
                .starts_with("1 rows compared")
        );
    }

    #[test]
    fn a_row_that_the_file_lacks_is_named() {
        let missing = Comparison::new(&[row("open", 10, 1)], &[row("open", 100, 1)]);
        assert!(!missing.passes());
        let text = missing.describe();
        assert!(
            text.contains("not in the file  coordinator open (pool, 100 agents"),
            "{text}"
        );
    }

    #[test]
    fn time_is_not_compared() {
        let mut slow = row("open", 10, 100);
        slow.cost.ms = 1_000_000;
        assert!(Comparison::new(&[row("open", 10, 100)], &[slow]).passes());
    }

    #[test]
    fn larger_sizes_of_the_file_are_left_alone() {
        let file = [row("open", 10, 1), row("open", 1_000, 1)];
        assert!(Comparison::new(&file, &[row("open", 10, 1)]).passes());
    }
}
