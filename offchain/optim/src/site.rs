//! The device problem of one bus: all that an agent of the exchange mode has to solve.

use std::ops::Range;

use gridweave_model::Instance;

use crate::check::{check_bus, check_frame, check_site};
use crate::devices::{Horizon, SiteVars, net_injection};
use crate::error::{OptimError, Problem, check_finite, check_len};
use crate::program::Program;
use crate::schedule::SiteSchedule;
use crate::solver::Solver;
use crate::unit::{schedule_from_unit, site_in_unit, site_unit};

/// Tolerance of gap and feasibility, in the site's own unit of power.
///
/// A projection loses half of these digits, since its objective is flat where it ends.
const PROXIMAL_TOLERANCE: f64 = 1e-11;
const PRICED_TOLERANCE: f64 = 1e-9;

/// What a bus answers.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteAnswer {
    /// Net real injection `x(t)` (pu), M(4).
    pub injection: Vec<f64>,
    /// Private cost `f(x)`: that of the local generators, M(6), and of the use of the devices, C(1a)
    /// (currency).
    pub cost: f64,
    /// The schedule behind the injection.
    pub schedule: SiteSchedule,
}

/// The feasible set M(7)–M(9) of one bus and its private cost, with solver objects that are
/// reused between rounds. An answer does not depend on the answers before it.
pub struct SiteProblem {
    /// Uncontrollable net injection (pu).
    base: Vec<f64>,
    /// The program's unit of power (pu).
    unit: f64,
    program: Program,
    devices: SiteVars,
    /// Variables of the net injection.
    net: Range<usize>,
    proximal: Solver,
    priced: Solver,
}

impl SiteProblem {
    /// The device problem of bus index `bus`.
    ///
    /// # Errors
    /// A bad shape or value by name; [`OptimError::BadDevice`] names the bus of a device that no
    /// schedule can satisfy.
    pub fn new(instance: &Instance, bus: usize) -> Result<Self, OptimError> {
        check_frame(instance)?;
        check_bus(instance, bus)?;
        check_site(instance, bus)?;
        let site = &instance.sites[bus];
        let problem = Problem::Site {
            bus: instance.network.buses[bus].id,
        };
        let unit = site_unit(site);
        let scaled = site_in_unit(site, unit);
        let mut program = Program::default();
        let devices = SiteVars::add(&mut program, &scaled, Horizon::of(instance));
        let net = program.variables(instance.horizon);
        for (t, (x, base)) in net.clone().zip(scaled.base_injection()).enumerate() {
            let controllable = devices.injection[t].iter().map(|&(i, c)| (i, -c));
            program.equal(
                std::iter::once((x, 1.0)).chain(controllable).collect(),
                base,
            );
        }
        let (quadratic, linear) = proximal_objective(&program, &net, &[], 1.0);
        let proximal = Solver::new(problem, &program, &quadratic, &linear, PROXIMAL_TOLERANCE)?;
        let prices = &instance.generator.beta;
        let level = largest(prices);
        let (quadratic, linear) = priced_objective(&program, &net, prices, level, level * unit);
        let priced = Solver::new(problem, &program, &quadratic, &linear, PRICED_TOLERANCE)?;
        Ok(Self {
            base: site.base_injection(),
            unit,
            program,
            devices,
            net,
            proximal,
            priced,
        })
    }

    /// `argmin f(x) + ρ/2·‖x − c‖²` over the site's feasible set; a projection of the centre `c`
    /// (pu per interval) if there is no private cost. `rho` is in currency per pu².
    ///
    /// # Errors
    /// A centre of the wrong length or not finite, `rho ≤ 0`, or [`OptimError::NotSolved`].
    pub fn respond(&mut self, centre: &[f64], rho: f64) -> Result<SiteAnswer, OptimError> {
        check_input("centre", centre, self.base.len())?;
        check_rho(rho)?;
        let centre: Vec<f64> = centre.iter().map(|c| c / self.unit).collect();
        let rho = rho * self.unit * self.unit;
        let (quadratic, linear) = proximal_objective(&self.program, &self.net, &centre, rho);
        self.proximal.set_objective(&quadratic, &linear)?;
        let x = &self.proximal.solve()?.x;
        Ok(answer(&self.base, &self.devices, self.unit, x))
    }

    /// `max π·x − f(x)` over the site's feasible set, and the answer that attains it. `prices` in
    /// currency per pu and interval. The value is the dual bound, so not below the true maximum
    /// by more than the solver's dual residual.
    ///
    /// # Errors
    /// Prices of the wrong length or not finite, or [`OptimError::NotSolved`].
    pub fn best_response(&mut self, prices: &[f64]) -> Result<(f64, SiteAnswer), OptimError> {
        check_input("prices", prices, self.base.len())?;
        let level = largest(prices);
        let scale = level * self.unit;
        let (quadratic, linear) = priced_objective(&self.program, &self.net, prices, level, scale);
        self.priced.set_objective(&quadratic, &linear)?;
        let solution = self.priced.solve()?;
        let value = -scale * solution.obj_val.min(solution.obj_val_dual);
        let answer = answer(&self.base, &self.devices, self.unit, &solution.x);
        Ok((value, answer))
    }
}

/// The largest absolute value, 1 if all are 0.
fn largest(values: &[f64]) -> f64 {
    let most = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    if most > 0.0 { most } else { 1.0 }
}

/// Coefficients of `(f(x) − π·x)/scale` in the program's unit, where `scale` is `level` times the
/// unit and `level` the largest price.
fn priced_objective(
    program: &Program,
    net: &Range<usize>,
    prices: &[f64],
    level: f64,
    scale: f64,
) -> (Vec<f64>, Vec<f64>) {
    let quadratic = program.quadratic().iter().map(|p| p / scale).collect();
    let mut linear: Vec<f64> = program.linear().iter().map(|q| q / scale).collect();
    for (x, price) in net.clone().zip(prices) {
        linear[x] -= price / level;
    }
    (quadratic, linear)
}

/// Coefficients of `f(x)/ρ + ½‖x − c‖²` in the program's unit, the constant left out; a missing
/// centre is 0.
fn proximal_objective(
    program: &Program,
    net: &Range<usize>,
    centre: &[f64],
    rho: f64,
) -> (Vec<f64>, Vec<f64>) {
    let mut quadratic: Vec<f64> = program.quadratic().iter().map(|p| p / rho).collect();
    let mut linear: Vec<f64> = program.linear().iter().map(|q| q / rho).collect();
    for x in net.clone() {
        quadratic[x] += 1.0;
    }
    for (x, centre) in net.clone().zip(centre) {
        linear[x] -= centre;
    }
    (quadratic, linear)
}

fn answer(base: &[f64], devices: &SiteVars, unit: f64, x: &[f64]) -> SiteAnswer {
    let schedule = schedule_from_unit(devices.schedule(x), unit);
    SiteAnswer {
        injection: net_injection(base, &schedule),
        cost: devices.private_cost(x),
        schedule,
    }
}

pub(crate) fn check_input(what: &str, values: &[f64], len: usize) -> Result<(), OptimError> {
    check_len(what, values.len(), len)?;
    check_finite(what, values)
}

pub(crate) fn check_rho(rho: f64) -> Result<(), OptimError> {
    if rho.is_finite() && rho > 0.0 {
        return Ok(());
    }
    Err(OptimError::BadValue {
        what: "rho".into(),
        value: rho,
        expected: "a positive number".into(),
    })
}
