//! The linear program that C(2) becomes when products are variables: `y = λᵃu`, and where willingness
//! rises with the incentive `w = u²` and `z = (λᵃ)²` too.
//!
//! Its rows are the products of pairs of `u ≥ 0`, `U − u ≥ 0`, `λᵃ − l ≥ 0`, `L − λᵃ ≥ 0` and
//! `a + b(λᵃ − l) − u ≥ 0` of each crowdsourcee by itself. Products across crowdsourcees are left
//! out: spending and shortage add up over them, and their products would not be separable.

use super::incentives::{BudgetPays, Candidate, IncentiveProblem};
use crate::program::{Program, Term};

/// What is optimized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// C(2a), with the shortage covered.
    Design,
    /// The most coverage that the budget allows.
    Coverage,
}

/// Variables of one crowdsourcee, in the program's units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vars {
    pub u: usize,
    pub incentive: usize,
    /// `y`.
    pub product: usize,
    /// `w`, where there is a response.
    pub square: Option<usize>,
}

/// Units that make powers and prices about 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    pub power: f64,
    pub price: f64,
}

/// The program and where its variables are.
pub(super) struct Lifted {
    pub program: Program,
    pub vars: Vec<Vars>,
    pub units: Units,
}

/// `(u − ũ)² ≥ 0` at the delivery `ũ` of a crowdsourcee: a tangent of `w = u²`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tangent {
    pub who: usize,
    pub at: f64,
}

impl Units {
    pub fn of(problem: &IncentiveProblem) -> Self {
        let most = |values: &mut dyn Iterator<Item = f64>| {
            let most = values.fold(0.0, f64::max);
            if most > 0.0 { most } else { 1.0 }
        };
        let candidates = problem.candidates.iter();
        Self {
            power: most(&mut candidates.clone().map(Candidate::reach)),
            price: most(&mut candidates.map(|who| who.price.abs() + who.most)),
        }
    }

    fn scaled(self, who: &Candidate) -> Candidate {
        let mut scaled = *who;
        scaled.price /= self.price;
        scaled.zeta /= self.price;
        scaled.least /= self.price;
        scaled.most /= self.price;
        scaled.available /= self.power;
        scaled.equilibrium /= self.power;
        if let Some(response) = &mut scaled.response {
            response.base /= self.power;
            response.gain *= self.price / self.power;
        }
        scaled
    }

    fn money(self) -> f64 {
        self.power * self.price
    }
}

impl Lifted {
    pub fn new(problem: &IncentiveProblem, aim: Aim, tangents: &[Tangent]) -> Self {
        let units = Units::of(problem);
        let mut lifted = Self {
            program: Program::default(),
            vars: Vec::new(),
            units,
        };
        for who in &problem.candidates {
            let vars = lifted.add(&units.scaled(who), aim);
            lifted.vars.push(vars);
        }
        lifted.add_sums(problem, aim);
        for tangent in tangents {
            let (vars, at) = (lifted.vars[tangent.who], tangent.at / units.power);
            if let Some(square) = vars.square {
                let row = vec![(vars.u, 2.0 * at), (square, -1.0)];
                lifted.program.at_most(row, at * at);
            }
        }
        lifted
    }

    /// The objective at `x`: money for a design, power for coverage.
    pub fn value(&self, aim: Aim, x: &[f64]) -> f64 {
        let value = self.program.objective(x);
        match aim {
            Aim::Design => value * self.units.money(),
            Aim::Coverage => -value * self.units.power,
        }
    }

    /// Deliveries at `x` (pu).
    pub fn deliveries(&self, x: &[f64]) -> Vec<f64> {
        let deliveries = self.vars.iter().map(|vars| x[vars.u] * self.units.power);
        deliveries.collect()
    }

    /// Largest distance of a product variable from the product (currency).
    pub fn distance(&self, x: &[f64]) -> f64 {
        let distance = |vars: &Vars| (x[vars.product] - x[vars.incentive] * x[vars.u]).abs();
        self.vars.iter().map(distance).fold(0.0, f64::max) * self.units.money()
    }

    /// C(2b) and the shortage of C(2c).
    fn add_sums(&mut self, problem: &IncentiveProblem, aim: Aim) {
        let pairs = self.vars.iter().zip(&problem.candidates);
        let spending = pairs.flat_map(|(vars, who)| {
            let price = match problem.budget_pays {
                BudgetPays::EnergyAndIncentive => who.price / self.units.price,
                BudgetPays::Incentive => 0.0,
            };
            [(vars.u, price), (vars.product, 1.0)]
        });
        // More than everybody together can cost is no bound; large numbers trouble the solver.
        let all = problem
            .candidates
            .iter()
            .map(|who| (who.price.abs() + who.most) * who.reach());
        let budget = problem.budget.min(2.0 * all.sum::<f64>());
        self.program
            .at_most(spending.collect(), budget / self.units.money());
        if aim == Aim::Design {
            let delivered = self.vars.iter().map(|vars| (vars.u, -1.0)).collect();
            let shortage = problem.shortage / self.units.power;
            self.program.at_most(delivered, -shortage);
        }
    }

    /// Variables, cost and rows of one crowdsourcee.
    fn add(&mut self, who: &Candidate, aim: Aim) -> Vars {
        let program = &mut self.program;
        let first = program.variables(3).start;
        let (u, incentive, product) = (first, first + 1, first + 2);
        match aim {
            Aim::Coverage => program.cost(u, 0.0, -1.0),
            Aim::Design => {
                program.cost(u, 0.0, who.eta * who.price);
                program.cost(product, 0.0, who.eta);
                add_distance(program, u, who);
            }
        }
        let square = who.response.map(|_| program.variables(2));
        let mut rows = Products {
            program,
            u,
            incentive,
            product,
        };
        rows.add_bounds(who);
        if let Some(squares) = &square {
            rows.add_response(who, squares.start, squares.start + 1);
        }
        Vars {
            u,
            incentive,
            product,
            square: square.map(|squares| squares.start),
        }
    }
}

/// `ζ|u − u^eq|` as `ζs`, `s ≥ ±(u − u^eq)`.
fn add_distance(program: &mut Program, u: usize, who: &Candidate) {
    if who.zeta == 0.0 {
        return;
    }
    let distance = program.variables(1).start;
    program.cost(distance, 0.0, who.zeta);
    program.at_most(vec![(u, 1.0), (distance, -1.0)], who.equilibrium);
    program.at_most(vec![(u, -1.0), (distance, -1.0)], -who.equilibrium);
}

/// Adds rows of products.
struct Products<'a> {
    program: &'a mut Program,
    u: usize,
    incentive: usize,
    product: usize,
}

impl Products<'_> {
    /// Adds `Σ terms + constant ≥ 0`.
    fn positive(&mut self, terms: Vec<Term>, constant: f64) {
        let negated = terms.into_iter().map(|(variable, c)| (variable, -c));
        self.program.at_most(negated.collect(), constant);
    }

    /// The bounds and their four products.
    fn add_bounds(&mut self, who: &Candidate) {
        let (u, incentive, y) = (self.u, self.incentive, self.product);
        let (reach, l, m) = (who.reach(), who.least, who.most);
        self.program.within(u, 0.0, reach);
        self.program.within(incentive, l, m);
        self.positive(vec![(y, 1.0), (u, -l)], 0.0);
        self.positive(vec![(y, -1.0), (u, m)], 0.0);
        self.positive(vec![(y, 1.0), (incentive, -reach), (u, -m)], reach * m);
        self.positive(vec![(y, -1.0), (incentive, reach), (u, l)], -reach * l);
    }

    /// The response `c + bλᵃ − u ≥ 0`, its products with the bounds and itself, and the bounds'
    /// squares; `w` stands for `u²`, `z` for `(λᵃ)²`.
    fn add_response(&mut self, who: &Candidate, w: usize, z: usize) {
        let Some(response) = who.response else { return };
        let (u, incentive, y) = (self.u, self.incentive, self.product);
        let (reach, l, m, b) = (who.reach(), who.least, who.most, response.gain);
        let c = response.base - b * l;
        self.positive(vec![(incentive, b), (u, -1.0)], c);
        self.positive(vec![(u, c), (y, b), (w, -1.0)], 0.0);
        let above = vec![(incentive, b * reach), (u, -reach - c), (y, -b), (w, 1.0)];
        self.positive(above, c * reach);
        let least = vec![(incentive, c - b * l), (z, b), (y, -1.0), (u, l)];
        self.positive(least, -c * l);
        let most = vec![(incentive, b * m - c), (u, -m), (z, -b), (y, 1.0)];
        self.positive(most, c * m);
        let itself = vec![
            (z, b * b),
            (w, 1.0),
            (incentive, 2.0 * b * c),
            (u, -2.0 * c),
            (y, -2.0 * b),
        ];
        self.positive(itself, c * c);
        self.positive(vec![(w, 1.0)], 0.0);
        self.positive(vec![(w, 1.0), (u, -2.0 * reach)], reach * reach);
        self.positive(vec![(w, -1.0), (u, reach)], 0.0);
        self.positive(vec![(z, 1.0), (incentive, -2.0 * l)], l * l);
        self.positive(vec![(z, 1.0), (incentive, -2.0 * m)], m * m);
        self.positive(vec![(z, -1.0), (incentive, l + m)], -l * m);
    }
}
