//! What the figures say in numbers.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::runs::{Run, Runs, Setting};

/// Traded energy against full information, over all windows.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// The scenario.
    pub scenario: String,
    /// Windows that were compared.
    pub windows: Vec<u32>,
    /// Without batteries.
    pub without_batteries: Spread,
    /// With batteries, soon-expiring offers first.
    pub expiring_first: Spread,
    /// With batteries, the paper's objective.
    pub plain: Spread,
    /// What soon-expiring offers first trade more than the paper's objective at its best window, over
    /// the latter; at the window that is worst for it.
    pub gain_over_best_plain: f64,
}

/// Energies (kWh) of runs that differ in the window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// With everything known from the start.
    pub full_information_kwh: f64,
    /// The least that was traded.
    pub least_kwh: f64,
    /// The most.
    pub most_kwh: f64,
    /// `least_kwh / full_information_kwh`.
    pub least_share: f64,
    /// `most_kwh / full_information_kwh`.
    pub most_share: f64,
}

impl Spread {
    fn new<'a>(full: &Run, runs: impl Iterator<Item = &'a Run>) -> Self {
        let full = full.outcome.full_energy.energy() as f64 / 1e3;
        let energy = |run: &Run| run.outcome.energy.iter().sum::<u64>() as f64 / 1e3;
        let (mut least, mut most) = (f64::INFINITY, 0.0f64);
        for energy in runs.map(energy) {
            (least, most) = (least.min(energy), most.max(energy));
        }
        Self {
            full_information_kwh: full,
            least_kwh: least,
            most_kwh: most,
            least_share: least / full,
            most_share: most / full,
        }
    }

    fn row(&self) -> String {
        format!(
            "{:.3} to {:.3} kWh, {:.4} to {:.4} % of {:.3}",
            self.least_kwh,
            self.most_kwh,
            100.0 * self.least_share,
            100.0 * self.most_share,
            self.full_information_kwh
        )
    }
}

impl Verdict {
    /// What `runs` came to.
    ///
    /// # Errors
    /// A run is missing.
    pub fn new(runs: &Runs) -> Result<Self> {
        let spread = |kind| Ok::<_, anyhow::Error>(Spread::new(runs.of(kind)?, runs.over(kind)));
        let expiring_first = spread(Setting::C)?;
        let plain = spread(Setting::C.plain())?;
        Ok(Self {
            scenario: runs.name.clone(),
            windows: runs.windows.clone().collect(),
            without_batteries: spread(Setting::A)?,
            expiring_first,
            plain,
            gain_over_best_plain: expiring_first.least_kwh / plain.most_kwh - 1.0,
        })
    }

    /// The same as lines of text; `folder` holds the figures.
    pub fn table(&self, folder: &Path) -> String {
        let (first, last) = (self.windows.first(), self.windows.last());
        let windows = format!(
            "{} to {}",
            first.copied().unwrap_or_default(),
            last.copied().unwrap_or_default()
        );
        let rows = [
            ("scenario", self.scenario.clone()),
            ("prediction windows", windows),
            ("without batteries", self.without_batteries.row()),
            ("batteries, expiring first", self.expiring_first.row()),
            ("batteries, plain objective", self.plain.row()),
            (
                "gain over the best plain",
                format!("{:.3} %", 100.0 * self.gain_over_best_plain),
            ),
            ("figures", folder.display().to_string()),
        ];
        let lines = rows
            .iter()
            .map(|(label, value)| format!("{label:<28}{value}\n"));
        lines.collect()
    }
}
