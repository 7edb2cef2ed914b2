//! The subproblem of an area in the consensus modes, M(12)/M(15).

use gridweave_model::Instance;

use crate::check::{check_bus, check_frame, check_site};
use crate::decompose::{BlockKind, Decomposition};
use crate::devices::net_injection;
use crate::error::{OptimError, Problem, check_len};
use crate::feeder::FeederVars;
use crate::program::Program;
use crate::schedule::SiteSchedule;
use crate::site::{check_input, check_rho};
use crate::solver::Solver;
use crate::unit::{feeder_unit, in_unit, schedule_from_unit};

/// Relative tolerance of gap and feasibility.
const TOLERANCE: f64 = 1e-8;

/// The penalty the solver's scaling is computed for; the paper's.
const NOMINAL_RHO: f64 = 100.0;

/// What an area answers.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaAnswer {
    /// Coupling variables `x̃` of M(12): the area's copies of its shared blocks, concatenated in
    /// the order of [`Decomposition::blocks_of`].
    pub copies: Vec<f64>,
    /// Generation cost within the area, M(12a) (currency).
    pub cost: f64,
    /// Per bus of the area and interval, the net real injection without the root generator (pu).
    pub injections: Vec<Vec<f64>>,
    /// Device schedules per bus of the area.
    pub sites: Vec<SiteSchedule>,
}

/// A copy of one shared number.
struct CopyVar {
    variable: usize,
    /// The number's unit in the program: that of power for flows, 1 for voltages.
    unit: f64,
}

/// The buses of one area with copies of what they share, and a solver object reused between
/// rounds. An answer does not depend on the answers before it.
pub struct AreaProblem {
    program: Program,
    feeder: FeederVars,
    /// Uncontrollable net injection per bus of the area.
    base: Vec<Vec<f64>>,
    /// The program's unit of power (pu).
    unit: f64,
    /// The copies, in their order.
    copies: Vec<CopyVar>,
    solver: Solver,
}

impl AreaProblem {
    /// The subproblem of `area`, of a decomposition of the same instance.
    ///
    /// # Errors
    /// A bad shape, value or device by name, or an area that does not exist.
    pub fn new(
        instance: &Instance,
        decomposition: &Decomposition,
        area: usize,
    ) -> Result<Self, OptimError> {
        check_frame(instance)?;
        let areas = &decomposition.areas;
        let buses = areas.get(area).ok_or(OptimError::OutOfRange {
            what: "area",
            index: area,
            count: areas.len(),
        })?;
        for &bus in buses {
            check_bus(instance, bus)?;
            check_site(instance, bus)?;
        }
        let unit = feeder_unit(instance);
        let mut program = Program::default();
        let feeder = FeederVars::add(&mut program, &in_unit(instance, unit), buses);
        let mut copies = vec![];
        for index in decomposition.blocks_of(area) {
            let block = &decomposition.blocks[index];
            let vars = copy_variables(&feeder, block.kind, unit);
            check_len(
                format!("{:?} in area {area}", block.kind),
                vars.len(),
                block.size,
            )?;
            copies.extend(vars);
        }
        let problem = Problem::Area { area };
        let (quadratic, linear) = objective(&program, &copies, &[], NOMINAL_RHO);
        let solver = Solver::new(problem, &program, &quadratic, &linear, TOLERANCE)?;
        Ok(Self {
            program,
            feeder,
            base: buses
                .iter()
                .map(|&bus| instance.sites[bus].base_injection())
                .collect(),
            unit,
            copies,
            solver,
        })
    }

    /// `argmin C(s) + ρ/2·‖x̃ − c‖²` subject to M(12): with the centre `c = z̃ − ξ/ρ` it is M(15)
    /// up to a constant. `centre` has the layout of [`AreaAnswer::copies`]; `rho` is in currency
    /// per squared unit of a copy.
    ///
    /// # Errors
    /// A centre of the wrong length or not finite, `rho ≤ 0`, or [`OptimError::NotSolved`].
    pub fn respond(&mut self, centre: &[f64], rho: f64) -> Result<AreaAnswer, OptimError> {
        check_input("centre", centre, self.copies.len())?;
        check_rho(rho)?;
        let (quadratic, linear) = objective(&self.program, &self.copies, centre, rho);
        self.solver.set_objective(&quadratic, &linear)?;
        let x = &self.solver.solve()?.x;
        let schedules = self.feeder.sites.iter().map(|site| site.schedule(x));
        let sites: Vec<_> = schedules
            .map(|schedule| schedule_from_unit(schedule, self.unit))
            .collect();
        let bases = self.base.iter().zip(&sites);
        Ok(AreaAnswer {
            copies: self
                .copies
                .iter()
                .map(|copy| copy.unit * x[copy.variable])
                .collect(),
            cost: self.program.objective(x),
            injections: bases
                .map(|(base, site)| net_injection(base, site))
                .collect(),
            sites,
        })
    }
}

/// The variables of a block; none if the area has no copy of it.
fn copy_variables(feeder: &FeederVars, kind: BlockKind, unit: f64) -> Vec<CopyVar> {
    let (variables, unit): (Option<Vec<usize>>, f64) = match kind {
        BlockKind::Flow { bus } => {
            let flow = feeder.flows.get(&bus);
            (flow.map(|f| f.p.clone().chain(f.q.clone()).collect()), unit)
        }
        BlockKind::Voltage { bus } => {
            let squared = feeder.voltages.get(&bus);
            (squared.map(|v| v.clone().collect()), 1.0)
        }
    };
    let variables = variables.unwrap_or_default().into_iter();
    variables
        .map(|variable| CopyVar { variable, unit })
        .collect()
}

/// Coefficients of `C(s) + ρ/2·‖x̃ − c‖²` in the program's unit, without the constant; a missing
/// centre is 0.
fn objective(
    program: &Program,
    copies: &[CopyVar],
    centre: &[f64],
    rho: f64,
) -> (Vec<f64>, Vec<f64>) {
    let mut quadratic = program.quadratic().to_vec();
    let mut linear = program.linear().to_vec();
    for copy in copies {
        quadratic[copy.variable] += rho * copy.unit * copy.unit;
    }
    for (copy, centre) in copies.iter().zip(centre) {
        linear[copy.variable] -= rho * copy.unit * centre;
    }
    (quadratic, linear)
}
