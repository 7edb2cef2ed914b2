//! The market runs that figures are drawn from, on as many threads as there are cores.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use gridweave_model::market::{MarketDay, MarketObjective, MarketScenario};
use rayon::prelude::*;

use crate::market::outcome::Outcome;
use crate::market::problem::Problem;
use crate::market::rolling::{Plan, execute};
use crate::run::progress::Progress;

/// Prediction windows of tests C and D of the paper's Table II.
const WINDOW_C: u32 = 5;
const WINDOW_D: u32 = 13;

/// What differs between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Whether producers have batteries.
    pub battery: bool,
    /// Prediction window `L` (intervals).
    pub window: u32,
    /// What is maximized.
    pub objective: MarketObjective,
}

impl Setting {
    /// Test A: no batteries, the window does not matter.
    pub const A: Self = Self {
        battery: false,
        window: WINDOW_C,
        objective: MarketObjective::ExpiringFirst,
    };
    /// Test C, soon-expiring offers first.
    pub const C: Self = Self {
        battery: true,
        ..Self::A
    };
    /// Test D, soon-expiring offers first.
    pub const D: Self = Self {
        window: WINDOW_D,
        ..Self::C
    };

    /// The same with the paper's objective, traded energy.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self {
            objective: MarketObjective::Energy,
            ..self
        }
    }

    /// The same with another window.
    #[must_use]
    pub const fn over(self, window: u32) -> Self {
        Self { window, ..self }
    }
}

/// A run.
pub struct Run {
    /// What it differs in.
    pub setting: Setting,
    /// The day.
    pub day: MarketDay,
    /// What was offered.
    pub problem: Problem,
    /// What came of it.
    pub outcome: Outcome,
}

/// Runs of one scenario.
pub struct Runs {
    /// Name of the scenario.
    pub name: String,
    /// Windows that were compared.
    pub windows: RangeInclusive<u32>,
    runs: Vec<Run>,
}

impl Runs {
    /// Runs `scenario` as all figures need it.
    ///
    /// # Errors
    /// The scenario cannot be built, has no batteries, or a run fails.
    pub fn execute(scenario: &MarketScenario, windows: RangeInclusive<u32>) -> Result<Self> {
        let settings = settings(&windows);
        let done = AtomicUsize::new(0);
        let runs = settings.par_iter().map(|&setting| {
            let run = execute_one(scenario, setting)?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            let with = if setting.battery { "with" } else { "without" };
            let energy: u64 = run.outcome.energy.iter().sum();
            Progress::step(&format!(
                "run {done} of {}: {with} batteries, window {}, {}: {:.1} kWh",
                settings.len(),
                setting.window,
                objective(setting.objective),
                energy as f64 / 1e3
            ));
            Ok(run)
        });
        Ok(Self {
            name: scenario.name().into(),
            windows,
            runs: runs.collect::<Result<_>>()?,
        })
    }

    /// The run with `setting`.
    ///
    /// # Errors
    /// There is none.
    pub fn of(&self, setting: Setting) -> Result<&Run> {
        let run = self.runs.iter().find(|run| run.setting == setting);
        run.with_context(|| format!("no run with {setting:?}"))
    }

    /// The runs over all windows that otherwise are like `setting`, by window.
    pub fn over(&self, setting: Setting) -> impl Iterator<Item = &Run> {
        let runs = self.windows.clone();
        runs.filter_map(move |window| self.of(setting.over(window)).ok())
    }
}

/// The name of an objective, as on the command line.
pub fn objective(objective: MarketObjective) -> &'static str {
    match objective {
        MarketObjective::Energy => "energy",
        MarketObjective::ExpiringFirst => "expiring-first",
        MarketObjective::Welfare => "welfare",
    }
}

/// Every setting that a figure needs, once; long runs first, so that no thread is left with one.
fn settings(windows: &RangeInclusive<u32>) -> Vec<Setting> {
    let (a, c, d) = (Setting::A, Setting::C, Setting::D);
    let mut settings = vec![a, c, c.plain(), d, d.plain()];
    for window in windows.clone() {
        for setting in [a, c, c.plain()] {
            let setting = setting.over(window);
            if !settings.contains(&setting) {
                settings.push(setting);
            }
        }
    }
    settings.sort_by_key(|setting| (!setting.battery, std::cmp::Reverse(setting.window)));
    settings
}

fn execute_one(scenario: &MarketScenario, setting: Setting) -> Result<Run> {
    let scenario = scenario.clone().with_battery(setting.battery);
    let scenario = scenario.with_window(setting.window);
    let day = scenario.with_objective(setting.objective).build()?;
    let longer = day
        .postings
        .iter()
        .any(|posting| posting.end > posting.start);
    ensure!(
        longer == setting.battery,
        "'{}' must offer energy for more than one interval with batteries, and only with them",
        day.name
    );
    let problem = Problem::day(&day)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the task runtime does not start")?;
    let plan = Plan {
        solvers: &[],
        bills: false,
    };
    let outcome = runtime.block_on(execute(&problem, plan, Progress::hidden()))?;
    Ok(Run {
        setting,
        day,
        problem,
        outcome,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_runs_once() {
        let settings = settings(&(2..=13));
        assert_eq!(settings.len(), 36);
        for (at, setting) in settings.iter().enumerate() {
            assert!(!settings[..at].contains(setting), "{setting:?}");
        }
        let few = super::settings(&(3..=3));
        assert_eq!(few.len(), 8, "{few:?}");
    }
}
