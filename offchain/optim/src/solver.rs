//! The one place that talks to the conic solver.

use clarabel::solver::{DefaultSettings, DefaultSolution, DefaultSolver, IPSolver, SolverStatus};

use crate::error::{OptimError, Problem};
use crate::program::Program;

/// A solve that takes longer has gone wrong; a 24 h feeder takes about a second.
const TIME_LIMIT_SECONDS: f64 = 300.0;

/// Enough for every program here; feeders take 20 to 50.
const MAX_ITERATIONS: u32 = 200;

/// When the tightest tolerance is out of reach, it is loosened by these factors in turn.
const LOOSENING: [f64; 2] = [10.0, 100.0];

/// A solver object whose objective may change between solves.
pub(crate) struct Solver {
    problem: Problem,
    inner: DefaultSolver<f64>,
    bounds: Vec<f64>,
    tolerance: f64,
    seconds: f64,
}

impl Solver {
    /// Sets up `program` with the objective `½x'·diag(quadratic)·x + linear'x`.
    ///
    /// The scaling is computed here once, so pass coefficients of the size later ones will have.
    pub fn new(
        problem: Problem,
        program: &Program,
        quadratic: &[f64],
        linear: &[f64],
        tolerance: f64,
    ) -> Result<Self, OptimError> {
        let form = program.standard_form(quadratic, linear);
        let inner = DefaultSolver::new(
            &form.p,
            &form.q,
            &form.a,
            &form.b,
            &form.cones,
            settings(tolerance, TIME_LIMIT_SECONDS),
        )
        .map_err(|error| refused(problem, error))?;
        Ok(Self {
            problem,
            inner,
            bounds: form.b,
            tolerance,
            seconds: TIME_LIMIT_SECONDS,
        })
    }

    /// Lets a solve take at most so many seconds.
    pub fn limit_time(&mut self, seconds: f64) -> Result<(), OptimError> {
        self.seconds = seconds.min(TIME_LIMIT_SECONDS);
        self.set_tolerance(self.tolerance)
    }

    /// Replaces the objective's coefficients.
    pub fn set_objective(&mut self, quadratic: &[f64], linear: &[f64]) -> Result<(), OptimError> {
        let problem = self.problem;
        self.inner
            .update_P(&quadratic.to_vec())
            .and_then(|()| self.inner.update_q(&linear.to_vec()))
            .map_err(|error| refused(problem, error))
    }

    /// Replaces the right-hand sides of the equality rows from `first` on.
    pub fn set_equalities(&mut self, first: usize, values: &[f64]) -> Result<(), OptimError> {
        self.bounds[first..first + values.len()].copy_from_slice(values);
        let updated = self.inner.update_b(&self.bounds);
        updated.map_err(|error| refused(self.problem, error))
    }

    /// Solves from scratch; anything but `Solved`, at a tolerance loosened at most by the last of
    /// [`LOOSENING`], is an error.
    pub fn solve(&mut self) -> Result<&DefaultSolution<f64>, OptimError> {
        self.inner.solve();
        for factor in LOOSENING {
            if !is_inaccurate(self.inner.solution.status) {
                break;
            }
            self.set_tolerance(factor * self.tolerance)?;
            self.inner.solve();
        }
        self.set_tolerance(self.tolerance)?;
        let solution = &self.inner.solution;
        if solution.status != SolverStatus::Solved {
            return Err(OptimError::NotSolved {
                problem: self.problem,
                status: solution.status,
                iterations: solution.iterations,
            });
        }
        Ok(solution)
    }

    /// The primal vector of the last solve, which must have succeeded.
    pub fn last(&self) -> &[f64] {
        &self.inner.solution.x
    }

    fn set_tolerance(&mut self, tolerance: f64) -> Result<(), OptimError> {
        self.inner
            .update_settings(settings(tolerance, self.seconds))
            .map_err(|error| refused(self.problem, error))
    }
}

/// Whether the solver stalled on the way to a solution.
fn is_inaccurate(status: SolverStatus) -> bool {
    matches!(
        status,
        SolverStatus::AlmostSolved
            | SolverStatus::InsufficientProgress
            | SolverStatus::NumericalError
            | SolverStatus::MaxIterations
    )
}

fn refused(problem: Problem, error: impl ToString) -> OptimError {
    OptimError::Refused {
        problem,
        reason: error.to_string(),
    }
}

/// Presolve stays off: it forbids updates. One thread: answers must not depend on the machine.
fn settings(tolerance: f64, seconds: f64) -> DefaultSettings<f64> {
    DefaultSettings {
        verbose: false,
        presolve_enable: false,
        max_threads: 1,
        max_iter: MAX_ITERATIONS,
        time_limit: seconds,
        tol_gap_abs: tolerance,
        tol_gap_rel: tolerance,
        tol_feas: tolerance,
        ..DefaultSettings::default()
    }
}
