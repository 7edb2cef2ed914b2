//! Figure 11: how long offers wait for a trade.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gridweave_plot::{Axis, Color, Figure, Panel, Series};

use super::runs::{Runs, Setting};
use super::sheet::Sheet;

/// Bars, about.
const BARS: f64 = 40.0;
/// Column of a file with times.
const COLUMN: &str = "posted_to_trade_s";

/// A histogram of the times (s) from posting an offer to recording the first solution that trades it: those
/// in `file`, or those of test C in this process.
///
/// # Errors
/// The file is not as it must be, or nothing was traded.
pub fn sheet(runs: &Runs, file: Option<&Path>) -> Result<Sheet> {
    let (times, place) = match file {
        Some(file) => (read(file)?, ""),
        None => (embedded(runs)?, ", embedded chain"),
    };
    let (width, counts) = histogram(&times);
    let heights: Vec<f64> = counts.iter().copied().map(f64::from).collect();
    let bars = Series::bars("", Color::Blue, 0.0, width, &heights);
    let panel = Panel::new(Axis::new("time (s)"), Axis::new("offers")).with(bars);
    let title = format!("From posting an offer to recording a trade of it (test C{place})");
    let rows = counts.iter().enumerate().map(|(at, count)| {
        let edge = |at: usize| format!("{:.6}", width * at as f64);
        vec![edge(at), edge(at + 1), count.to_string()]
    });
    Ok(Sheet {
        name: "figure-11",
        figure: Figure::new(title).with(panel),
        header: vec!["from_s", "to_s", "offers"],
        rows: rows.collect(),
    })
}

/// Width of a bar and how many times each holds.
fn histogram(times: &[f64]) -> (f64, Vec<u32>) {
    let largest = times.iter().copied().fold(0.0, f64::max);
    let width = if largest > 0.0 { largest / BARS } else { 1.0 };
    // A round number: one leading digit.
    let power = 10f64.powf(width.log10().floor());
    let width = (width / power).ceil() * power;
    let mut counts = vec![0; (largest / width) as usize + 1];
    for time in times {
        counts[(time / width) as usize] += 1;
    }
    (width, counts)
}

fn embedded(runs: &Runs) -> Result<Vec<f64>> {
    let run = runs.of(Setting::C)?;
    let offers = run.outcome.waited.offers.iter();
    let times: Vec<f64> = offers.map(Duration::as_secs_f64).collect();
    ensure!(
        !times.is_empty(),
        "'{}' trades nothing in test C",
        runs.name
    );
    Ok(times)
}

/// The column `posted_to_trade_s` of a CSV file.
fn read(file: &Path) -> Result<Vec<f64>> {
    let name = file.display();
    let mut table =
        csv::Reader::from_path(file).with_context(|| format!("{name} cannot be read as CSV"))?;
    let header = table.headers().with_context(|| format!("{name}: header"))?;
    let column = header.iter().position(|title| title == COLUMN);
    let column = column.with_context(|| format!("{name}: column `{COLUMN}` is missing"))?;
    let mut times = Vec::new();
    for (record, line) in table.records().zip(2..) {
        let record = record.with_context(|| format!("{name}, line {line}"))?;
        let text = record.get(column).unwrap_or_default();
        let time = text.parse().ok().filter(|time| (0.0..1e9).contains(time));
        times.push(time.with_context(|| {
            format!("{name}, line {line}: `{COLUMN}` is '{text}', expected seconds from 0 on")
        })?);
    }
    ensure!(
        !times.is_empty(),
        "{name} has no rows, expected a time for each offer"
    );
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_one_bar() {
        let times = [0.0, 0.1, 0.5, 3.2, 4.0];
        let (width, counts) = histogram(&times);
        assert_eq!((width, counts.len()), (0.1, 41));
        assert_eq!(counts.iter().sum::<u32>(), 5);
        assert_eq!((counts[0], counts[40]), (1, 1));
        assert_eq!(histogram(&[0.0]), (1.0, vec![1]));
    }
}
