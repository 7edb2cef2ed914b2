//! Why a home is infeasible: the least sum by which its constraints have to be missed.

use gridweave_model::prosumers::Community;

use super::vars::{HomeVars, TradeLimits};
use crate::error::{OptimError, Problem};
use crate::program::Program;
use crate::solver::Solver;

/// Tolerance of the solver.
const TOLERANCE: f64 = 1e-9;
/// Less than this is not missed (kW, °C or kWh).
const NOTHING: f64 = 1e-6;

/// Constraints that a home can miss whatever its devices do. All others hold when the devices stand
/// still and the shiftable load runs where it is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missed {
    Grid,
    TooCold,
    TooHot,
    StorageLow,
    StorageHigh,
}

/// Slack variables and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Elastic {
    slacks: Vec<(Missed, usize, usize)>,
}

impl Elastic {
    fn slack(&mut self, program: &mut Program, missed: Missed, t: usize) -> usize {
        let slack = program.variables(1).start;
        program.cost(slack, 0.0, 1.0);
        program.at_most(vec![(slack, -1.0)], 0.0);
        self.slacks.push((missed, t, slack));
        slack
    }

    /// Purchase above Y(1) in interval `t`.
    pub fn grid(&mut self, program: &mut Program, t: usize) -> usize {
        self.slack(program, Missed::Grid, t)
    }

    /// Degrees below and above Y(3) in interval `t`.
    pub fn comfort(&mut self, program: &mut Program, t: usize) -> [usize; 2] {
        [Missed::TooCold, Missed::TooHot].map(|missed| self.slack(program, missed, t))
    }

    /// Energy that is missing from and beyond the wanted end of Y(6).
    pub fn storage(&mut self, program: &mut Program, t: usize) -> [usize; 2] {
        [Missed::StorageLow, Missed::StorageHigh].map(|missed| self.slack(program, missed, t))
    }

    /// The largest miss of each kind, in words.
    fn reason(&self, community: &Community, at: usize, x: &[f64]) -> Option<String> {
        let mut worst: Vec<(Missed, usize, f64)> = Vec::new();
        for &(missed, t, slack) in &self.slacks {
            let amount = x[slack];
            match worst.iter_mut().find(|(known, ..)| *known == missed) {
                Some(entry) if entry.2 < amount => *entry = (missed, t, amount),
                Some(_) => {}
                None => worst.push((missed, t, amount)),
            }
        }
        let words: Vec<String> = worst
            .into_iter()
            .filter(|(.., amount)| *amount > NOTHING)
            .map(|(missed, t, amount)| words(community, at, missed, t, amount))
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

fn words(community: &Community, at: usize, missed: Missed, t: usize, amount: f64) -> String {
    let home = &community.homes[at];
    let comfort =
        |bound: fn(&gridweave_model::prosumers::Hvac) -> f64| home.hvac.as_ref().map_or(0.0, bound);
    let end = home.storage.map_or(0.0, |s| s.soc_end * s.energy_kwh);
    match missed {
        Missed::Grid => format!(
            "interval {t} needs {:.3} kW from the grid, expected at most `grid_max_kw`, {}",
            home.grid_max_kw + amount,
            home.grid_max_kw
        ),
        Missed::TooCold => format!(
            "interval {t} cannot be warmer than {:.2} °C, expected at least `temp_min_c`, {}",
            comfort(|hvac| hvac.temp_min_c) - amount,
            comfort(|hvac| hvac.temp_min_c)
        ),
        Missed::TooHot => format!(
            "interval {t} cannot be cooler than {:.2} °C, expected at most `temp_max_c`, {}",
            comfort(|hvac| hvac.temp_max_c) + amount,
            comfort(|hvac| hvac.temp_max_c)
        ),
        Missed::StorageLow => format!(
            "the battery ends with {:.3} kWh, expected `soc_end`, {end:.3} kWh",
            end - amount
        ),
        Missed::StorageHigh => format!(
            "the battery ends with {:.3} kWh, expected `soc_end`, {end:.3} kWh",
            end + amount
        ),
    }
}

/// Why the home at position `at` of `community` has no schedule without trade; `None` if it has one.
pub(super) fn why_infeasible(
    community: &Community,
    at: usize,
) -> Result<Option<String>, OptimError> {
    let home = &community.homes[at];
    let mut program = Program::default();
    let mut elastic = Elastic::default();
    let limits = TradeLimits::Elsewhere;
    HomeVars::add(&mut program, community, home, 0, limits, Some(&mut elastic));
    let problem = Problem::Home { home: home.home };
    let (quadratic, linear) = (program.quadratic(), program.linear());
    let mut solver = Solver::new(problem, &program, quadratic, linear, TOLERANCE)?;
    let solution = solver.solve()?;
    Ok(elastic.reason(community, at, &solution.x))
}
