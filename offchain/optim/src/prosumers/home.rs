//! The local task PLT of one home.

use std::ops::Range;

use gridweave_model::prosumers::{Community, HomeSchedule};

use super::elastic::why_infeasible;
use super::vars::{HomeVars, TradeLimits};
use crate::error::{OptimError, Problem, check_finite, check_len};
use crate::program::Program;
use crate::site::{check_input, check_rho};
use crate::solver::Solver;

/// Relative tolerance of gap and feasibility.
const TOLERANCE: f64 = 1e-9;

/// What a home answers.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeAnswer {
    /// Sales to each partner, `T` numbers partner by partner (kW); one partner in a pool.
    pub trade: Vec<f64>,
    /// Private cost: `C^H − R^FIT − R^DR`, payments for trade left out (currency).
    pub cost: f64,
    /// The schedule behind it.
    pub schedule: HomeSchedule,
}

/// The constraints Y(1) to Y(13) and the costs of one home, with solver objects that are reused between
/// rounds. An answer does not depend on the answers before it.
pub struct HomeProblem {
    horizon: usize,
    /// Most power traded with one partner (kW).
    trade_max: f64,
    open: Task,
    /// Trade is given; `T` numbers, whatever the partners are.
    settled: Task,
    /// First of the rows that give the trade.
    rows: usize,
}

/// A program with its solver.
pub(super) struct Task {
    program: Program,
    vars: HomeVars,
    solver: Solver,
}

impl HomeProblem {
    /// The local task of the home at position `at`, which trades with `partners` others: 1 for a pool.
    ///
    /// # Errors
    /// [`OptimError::BadCommunity`] names a value that is not what it must be;
    /// [`OptimError::InfeasibleHome`] says why the home has no schedule without trade.
    pub fn new(community: &Community, at: usize, partners: usize) -> Result<Self, OptimError> {
        let checked = community.check_home(at);
        checked.map_err(OptimError::BadCommunity)?;
        let home = &community.homes[at];
        let problem = Problem::Home { home: home.home };
        let mut program = Program::default();
        let limits = TradeLimits::Own;
        let vars = HomeVars::add(&mut program, community, home, partners, limits, None);
        let open = Task::new(problem, program, vars)?;
        let mut program = Program::default();
        let limits = TradeLimits::Elsewhere;
        let vars = HomeVars::add(&mut program, community, home, 1, limits, None);
        let rows = program.equalities();
        for variable in vars.trade.clone() {
            program.equal(vec![(variable, 1.0)], 0.0);
        }
        let settled = Task::new(problem, program, vars)?;
        let trade_max = home.trade_max_kw * partners as f64;
        let mut task = Self::of(community.horizon, trade_max, open, settled, rows);
        task.alone().map_err(|error| {
            let reason = why_infeasible(community, at);
            match reason {
                Ok(Some(reason)) => OptimError::InfeasibleHome {
                    home: home.home,
                    reason,
                },
                Ok(None) => error,
                Err(unexplained) => unexplained,
            }
        })?;
        Ok(task)
    }

    /// A local task of its programs; `rows` is the first of those that give the trade in `settled`.
    pub(super) fn of(
        horizon: usize,
        trade_max: f64,
        open: Task,
        settled: Task,
        rows: usize,
    ) -> Self {
        Self {
            horizon,
            trade_max,
            open,
            settled,
            rows,
        }
    }

    /// `argmin f(x) − λ·x + ρ/2·‖x − c‖²`, the objective of PLT: `prices` λ (currency per kW and
    /// interval) and `centre` c (kW) have one number per partner and interval, `rho` is in currency
    /// per kW².
    ///
    /// # Errors
    /// A vector of the wrong length or not finite, `rho ≤ 0`, or [`OptimError::NotSolved`].
    pub fn respond(
        &mut self,
        prices: &[f64],
        centre: &[f64],
        rho: f64,
    ) -> Result<HomeAnswer, OptimError> {
        let count = self.open.vars.trade.len();
        check_input("prices", prices, count)?;
        check_input("centre", centre, count)?;
        check_rho(rho)?;
        let pull: Vec<f64> = prices
            .iter()
            .zip(centre)
            .map(|(l, c)| l + rho * c)
            .collect();
        self.open.set_trade_terms(rho, &pull)?;
        self.open.answer()
    }

    /// `max λ·x − f(x)`, and the answer that attains it. The value is the dual bound, so not below the
    /// true maximum by more than the solver's dual residual.
    ///
    /// # Errors
    /// Prices of the wrong length or not finite, or [`OptimError::NotSolved`].
    pub fn best_response(&mut self, prices: &[f64]) -> Result<(f64, HomeAnswer), OptimError> {
        check_input("prices", prices, self.open.vars.trade.len())?;
        self.open.set_trade_terms(0.0, prices)?;
        let constant = self.open.vars.constant;
        let solution = self.open.solver.solve()?;
        let value = -solution.obj_val.min(solution.obj_val_dual) - constant;
        Ok((value, self.open.read()))
    }

    /// The cheapest schedule when the net sales are `trade` (kW, `T` numbers).
    ///
    /// # Errors
    /// A vector of the wrong length, not finite or beyond the trade limit, or
    /// [`OptimError::NotSolved`], for instance when no schedule delivers `trade`.
    pub fn settle(&mut self, trade: &[f64]) -> Result<HomeAnswer, OptimError> {
        check_len("trade", trade.len(), self.horizon)?;
        check_finite("trade", trade)?;
        let beyond = |power: &f64| power.abs() > self.trade_max * (1.0 + TOLERANCE);
        if let Some(t) = trade.iter().position(beyond) {
            return Err(OptimError::BadValue {
                what: format!("trade[{t}]"),
                value: trade[t],
                expected: format!("at most {} kW either way", self.trade_max),
            });
        }
        self.settled.solver.set_equalities(self.rows, trade)?;
        self.settled.answer()
    }

    /// The cheapest schedule without trade.
    ///
    /// # Errors
    /// [`OptimError::NotSolved`].
    pub fn alone(&mut self) -> Result<HomeAnswer, OptimError> {
        self.settle(&vec![0.0; self.horizon])
    }
}

impl Task {
    pub fn new(problem: Problem, program: Program, vars: HomeVars) -> Result<Self, OptimError> {
        let (quadratic, linear) = (program.quadratic(), program.linear());
        let solver = Solver::new(problem, &program, quadratic, linear, TOLERANCE)?;
        Ok(Self {
            program,
            vars,
            solver,
        })
    }

    /// Adds `½ρ·x² − pull·x` of the trade to the costs.
    fn set_trade_terms(&mut self, rho: f64, pull: &[f64]) -> Result<(), OptimError> {
        let mut quadratic = self.program.quadratic().to_vec();
        let mut linear = self.program.linear().to_vec();
        let trade: Range<usize> = self.vars.trade.clone();
        for (x, pull) in trade.zip(pull) {
            quadratic[x] += rho;
            linear[x] -= pull;
        }
        self.solver.set_objective(&quadratic, &linear)
    }

    fn answer(&mut self) -> Result<HomeAnswer, OptimError> {
        self.solver.solve()?;
        Ok(self.read())
    }

    /// The answer of the last solve.
    fn read(&self) -> HomeAnswer {
        let x = self.solver.last();
        HomeAnswer {
            trade: x[self.vars.trade.clone()].to_vec(),
            cost: self.program.objective(x) + self.vars.constant,
            schedule: self.vars.schedule(x),
        }
    }
}
