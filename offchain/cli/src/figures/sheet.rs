//! A figure with its numbers.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_model::market::MarketDay;
use gridweave_plot::Figure;

use crate::report::write_csv;

/// A figure and the table it is drawn from.
pub struct Sheet {
    /// Name of its files, without ending.
    pub name: &'static str,
    /// What is drawn.
    pub figure: Figure,
    /// Columns of the table.
    pub header: Vec<&'static str>,
    /// Rows of the table.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Writes the SVG and the CSV file; their paths.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<[PathBuf; 2]> {
        let file = |ending: &str| folder.join(format!("{}.{ending}", self.name));
        let (svg, csv) = (file("svg"), file("csv"));
        let text = self.figure.svg()?;
        std::fs::write(&svg, text).with_context(|| {
            format!("{} cannot be written; choose another --out", svg.display())
        })?;
        write_csv(&csv, &self.header, self.rows.iter().cloned())?;
        Ok([svg, csv])
    }
}

/// Length of an interval (hours).
pub fn hours(day: &MarketDay) -> f64 {
    f64::from(day.interval_minutes) / 60.0
}

/// When interval `t` begins, as `06:15`.
pub fn clock(day: &MarketDay, t: usize) -> String {
    let minutes = t * day.interval_minutes as usize;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `wh` in kWh.
pub fn kwh(wh: u64) -> f64 {
    wh as f64 / 1e3
}

/// Title of an axis of energies in intervals.
pub fn energy_title(day: &MarketDay) -> String {
    format!("energy (kWh per {} min)", day.interval_minutes)
}
