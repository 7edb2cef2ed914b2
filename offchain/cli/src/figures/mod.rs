//! The figures of the TRANSAX paper from runs of our own: each as SVG and, with the same numbers, CSV.

mod delays;
mod offers;
mod producer;
mod profile;
pub mod runs;
pub mod sheet;
pub mod verdict;
mod windows;

use std::path::Path;

use anyhow::Result;

use runs::Runs;
use sheet::Sheet;

/// All figures that `runs` show, in the order of the paper; `delays` is a file with the times that
/// offers waited in a run on a real chain.
///
/// # Errors
/// The scenario has no producer, or the file is not as it must be.
pub fn sheets(runs: &Runs, delays: Option<&Path>) -> Result<Vec<Sheet>> {
    Ok(vec![
        profile::sheet(runs)?,
        offers::sheet(runs)?,
        windows::sheet(runs),
        producer::sheet(runs)?,
        delays::sheet(runs, delays)?,
    ])
}
