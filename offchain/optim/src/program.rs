//! A conic program under construction: `min ½x'Px + q'x` with diagonal `P`, equalities,
//! inequalities and the branch-flow cones.

use std::ops::Range;

use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT::{self, NonnegativeConeT, SecondOrderConeT, ZeroConeT};

/// A variable and its coefficient.
pub(crate) type Term = (usize, f64);

/// Bounds closer than this are one value: an interior-point method needs room between two.
const SAME_BOUND: f64 = 1e-12;

#[derive(Debug, Clone)]
struct Row {
    terms: Vec<Term>,
    bound: f64,
}

/// The program; variables and equality rows are numbered in the order they are added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    linear: Vec<f64>,
    quadratic: Vec<f64>,
    equalities: Vec<Row>,
    upper_bounds: Vec<Row>,
    cones: Vec<[Vec<Term>; 4]>,
}

/// A program in the solver's form `min ½x'Px + q'x, Ax + s = b, s ∈ K`.
pub(crate) struct StandardForm {
    pub p: CscMatrix<f64>,
    pub q: Vec<f64>,
    pub a: CscMatrix<f64>,
    pub b: Vec<f64>,
    pub cones: Vec<SupportedConeT<f64>>,
}

impl Program {
    /// Adds `count` free variables without cost.
    pub fn variables(&mut self, count: usize) -> Range<usize> {
        let first = self.linear.len();
        self.linear.resize(first + count, 0.0);
        self.quadratic.resize(first + count, 0.0);
        first..first + count
    }

    /// Adds the cost `αx² + βx` of M(6).
    pub fn cost(&mut self, variable: usize, alpha: f64, beta: f64) {
        self.quadratic[variable] += 2.0 * alpha;
        self.linear[variable] += beta;
    }

    /// Adds `Σ terms = value` and returns the row's number, which is also its dual's position.
    pub fn equal(&mut self, terms: Vec<Term>, value: f64) -> usize {
        self.equalities.push(Row {
            terms,
            bound: value,
        });
        self.equalities.len() - 1
    }

    /// Adds `Σ terms ≤ bound` and returns the row's number; its dual's position is that many places
    /// behind the duals of the [`equalities`](Self::equalities).
    pub fn at_most(&mut self, terms: Vec<Term>, bound: f64) -> usize {
        self.upper_bounds.push(Row { terms, bound });
        self.upper_bounds.len() - 1
    }

    /// Number of equality rows.
    pub fn equalities(&self) -> usize {
        self.equalities.len()
    }

    /// Adds `lower ≤ x ≤ upper`, one equality where the two coincide.
    pub fn within(&mut self, variable: usize, lower: f64, upper: f64) {
        if upper - lower <= SAME_BOUND {
            self.equal(vec![(variable, 1.0)], lower);
        } else {
            self.at_most(vec![(variable, -1.0)], -lower);
            self.at_most(vec![(variable, 1.0)], upper);
        }
    }

    /// Adds the cone M(2), `P² + Q² ≤ l·v`.
    pub fn branch_cone(&mut self, p: usize, q: usize, l: usize, v: usize) {
        self.cones.push([
            vec![(l, 1.0), (v, 1.0)],
            vec![(p, 2.0)],
            vec![(q, 2.0)],
            vec![(l, 1.0), (v, -1.0)],
        ]);
    }

    /// Diagonal of `P`.
    pub fn quadratic(&self) -> &[f64] {
        &self.quadratic
    }

    /// The vector `q`.
    pub fn linear(&self) -> &[f64] {
        &self.linear
    }

    /// The objective at `x`, in the units of the cost coefficients.
    pub fn objective(&self, x: &[f64]) -> f64 {
        x.iter()
            .zip(self.quadratic.iter().zip(&self.linear))
            .map(|(x, (p, q))| 0.5 * p * x * x + q * x)
            .sum()
    }

    /// Whether there is neither a quadratic cost nor a cone.
    #[cfg(feature = "highs")]
    pub fn is_linear(&self) -> bool {
        self.cones.is_empty() && self.quadratic.iter().all(|cost| *cost == 0.0)
    }

    /// Equality rows and their values.
    #[cfg(feature = "highs")]
    pub fn equality_rows(&self) -> impl Iterator<Item = (&[Term], f64)> {
        let rows = self.equalities.iter();
        rows.map(|row| (row.terms.as_slice(), row.bound))
    }

    /// Inequality rows and their upper bounds.
    #[cfg(feature = "highs")]
    pub fn upper_rows(&self) -> impl Iterator<Item = (&[Term], f64)> {
        let rows = self.upper_bounds.iter();
        rows.map(|row| (row.terms.as_slice(), row.bound))
    }

    /// The solver's form with the objective's coefficients replaced by `quadratic` and `linear`.
    ///
    /// Every diagonal entry of `P` is stored, zeros too, so that it can be updated later.
    pub fn standard_form(&self, quadratic: &[f64], linear: &[f64]) -> StandardForm {
        let n = self.linear.len();
        let mut entries = Entries::default();
        for row in self.equalities.iter().chain(&self.upper_bounds) {
            entries.push(&row.terms, 1.0, row.bound);
        }
        for cone in &self.cones {
            for slack in cone {
                entries.push(slack, -1.0, 0.0);
            }
        }
        let mut cones = vec![];
        if !self.equalities.is_empty() {
            cones.push(ZeroConeT(self.equalities.len()));
        }
        if !self.upper_bounds.is_empty() {
            cones.push(NonnegativeConeT(self.upper_bounds.len()));
        }
        cones.extend(self.cones.iter().map(|_| SecondOrderConeT(4)));
        StandardForm {
            p: CscMatrix::new(
                n,
                n,
                (0..=n).collect(),
                (0..n).collect(),
                quadratic.to_vec(),
            ),
            q: linear.to_vec(),
            a: entries.matrix(n),
            b: entries.bounds,
            cones,
        }
    }
}

/// Rows of `A` as triplets.
#[derive(Default)]
struct Entries {
    rows: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
    bounds: Vec<f64>,
}

impl Entries {
    fn push(&mut self, terms: &[Term], sign: f64, bound: f64) {
        for &(column, value) in terms {
            self.rows.push(self.bounds.len());
            self.columns.push(column);
            self.values.push(sign * value);
        }
        self.bounds.push(bound);
    }

    fn matrix(&mut self, columns: usize) -> CscMatrix<f64> {
        CscMatrix::new_from_triplets(
            self.bounds.len(),
            columns,
            std::mem::take(&mut self.rows),
            std::mem::take(&mut self.columns),
            std::mem::take(&mut self.values),
        )
    }
}
