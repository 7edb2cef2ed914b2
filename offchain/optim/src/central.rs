//! The central program M(10), which is C(1) where owners count the use of their devices: every device
//! and the whole feeder at once.

use gridweave_model::Instance;

use crate::check::{check_frame, check_site};
use crate::devices::net_injection;
use crate::error::{OptimError, Problem};
use crate::feeder::FeederVars;
use crate::program::Program;
use crate::schedule::SiteSchedule;
use crate::solver::Solver;
use crate::unit::{feeder_unit, in_unit, schedule_from_unit};

/// Relative tolerance of gap and feasibility.
const TOLERANCE: f64 = 1e-9;

/// Optimum of M(10) with M(2) relaxed. Vectors are `[bus][t]` over bus indices and intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct CentralSolution {
    /// `Σ_t C(g(t))` of the root and local generators, M(10a), and the owners' costs, C(1a)
    /// (currency).
    pub cost: f64,
    /// Output of the root generator per interval (pu).
    pub generation: Vec<f64>,
    /// Net real injection of each bus without the root generator (pu).
    pub injections: Vec<Vec<f64>>,
    /// Voltage magnitude (pu).
    pub voltages: Vec<Vec<f64>>,
    /// Distribution locational marginal price: the dual of M(1a), by which the cost rises per
    /// unit of real load (currency per pu and interval).
    pub dlmp: Vec<Vec<f64>>,
    /// How far M(2) is from equality, in what it costs: the largest loss of an interval that no
    /// current explains, `Σ r·(l − (P² + Q²)/v)`, as a fraction of the largest generation.
    pub relaxation_gap: f64,
    /// Device schedules per bus.
    pub sites: Vec<SiteSchedule>,
}

/// Largest [`CentralSolution::relaxation_gap`] at which the relaxation counts as exact.
pub const EXACT_GAP: f64 = 1e-4;

impl CentralSolution {
    /// Whether the relaxation M(2) is exact, so that the solution is one of the power flow too.
    pub fn is_exact(&self) -> bool {
        self.relaxation_gap <= EXACT_GAP
    }
}

/// Solves M(10) with M(1d) relaxed to M(2); M(3) holds at every bus, the root included, whose
/// voltage is free within the limits.
///
/// # Errors
/// A bad shape, value or device by name, or [`OptimError::NotSolved`], for instance when no
/// schedule keeps the voltages within their limits.
pub fn solve_central(instance: &Instance) -> Result<CentralSolution, OptimError> {
    check_frame(instance)?;
    let buses: Vec<usize> = (0..instance.network.buses.len()).collect();
    for &bus in &buses {
        check_site(instance, bus)?;
    }
    let unit = feeder_unit(instance);
    let mut program = Program::default();
    let feeder = FeederVars::add(&mut program, &in_unit(instance, unit), &buses);
    let (quadratic, linear) = (program.quadratic(), program.linear());
    let mut solver = Solver::new(Problem::Central, &program, quadratic, linear, TOLERANCE)?;
    let solution = solver.solve()?;
    let solved = Solved {
        instance,
        unit,
        feeder: &feeder,
        x: &solution.x,
        duals: &solution.z,
    };
    Ok(solved.read(program.objective(&solution.x)))
}

/// A solved program in its own unit.
struct Solved<'a> {
    instance: &'a Instance,
    unit: f64,
    feeder: &'a FeederVars,
    x: &'a [f64],
    duals: &'a [f64],
}

impl Solved<'_> {
    fn read(&self, cost: f64) -> CentralSolution {
        let schedules = self.feeder.sites.iter().map(|site| site.schedule(self.x));
        let sites: Vec<_> = schedules
            .map(|schedule| schedule_from_unit(schedule, self.unit))
            .collect();
        let pairs = self.instance.sites.iter().zip(&sites);
        let generation = self.feeder.generation.clone().into_iter().flatten();
        let voltages = self.feeder.voltages.values().cloned();
        let rows = self.feeder.balance.iter();
        CentralSolution {
            cost,
            generation: generation.map(|g| self.unit * self.x[g]).collect(),
            injections: pairs
                .map(|(site, schedule)| net_injection(&site.base_injection(), schedule))
                .collect(),
            voltages: voltages
                .map(|squared| squared.map(|v| self.x[v].sqrt()).collect())
                .collect(),
            dlmp: rows
                .map(|rows| {
                    rows.iter()
                        .map(|&row| self.duals[row] / self.unit)
                        .collect()
                })
                .collect(),
            relaxation_gap: self.relaxation_gap(),
            sites,
        }
    }

    /// See [`CentralSolution::relaxation_gap`].
    fn relaxation_gap(&self) -> f64 {
        let unexplained = (0..self.instance.horizon)
            .map(|t| self.unexplained_losses(t))
            .fold(0.0, f64::max);
        let generation = self.feeder.generation.clone().into_iter().flatten();
        let largest = generation.map(|g| self.x[g]).fold(0.0, f64::max);
        unexplained / largest.max(f64::MIN_POSITIVE)
    }

    /// Losses of interval `t` beyond those of the currents that the flows need, in the program's
    /// unit.
    fn unexplained_losses(&self, t: usize) -> f64 {
        let at = |range: &std::ops::Range<usize>| self.x[range.start + t];
        let branches = self.feeder.currents.iter();
        branches
            .filter_map(|(bus, current)| {
                let branch = &self.instance.network.buses[*bus];
                let flow = &self.feeder.flows[bus];
                let squared = at(&flow.p).powi(2) + at(&flow.q).powi(2);
                let needed = squared / at(&self.feeder.voltages[&branch.parent?]);
                Some(branch.r * self.unit * (at(current) - needed))
            })
            .sum()
    }
}
