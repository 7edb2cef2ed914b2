//! Safeguarded Anderson acceleration (type II) of the fixed-point map `w ↦ w + g(w)`.

use gridweave_units::{Acc, Fx};

/// Most differences kept.
pub const MAX_ANDERSON_MEMORY: usize = 10;
/// The residual may grow by this factor before an accelerated step is taken back.
const SAFEGUARD: i32 = 2;
/// Tikhonov term relative to the trace (2⁻³²).
const REGULARIZATION: Fx = Fx::from_bits(1);
/// Differences whose norm is below this (2⁻²⁸) carry no direction.
const LEAST_NORM: Fx = Fx::from_bits(16);

/// What the accelerator remembers; the caller stores it between rounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anderson {
    /// Past iterates `w`, oldest first.
    pub iterates: Vec<Vec<Fx>>,
    /// Their steps `g`.
    pub steps: Vec<Vec<Fx>>,
    /// Plain continuation to fall back to, if the last step was accelerated.
    pub fallback: Option<Vec<Fx>>,
    /// Norm of the last accepted step.
    pub last_norm: Option<Fx>,
}

/// Result of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AndersonStep {
    /// The next iterate.
    pub next: Vec<Fx>,
    /// Whether the previous acceleration was taken back.
    pub rejected: bool,
}

impl Anderson {
    /// The next iterate from `w` and its step `g = α(x − z)`, with at most `memory` differences.
    ///
    /// Falls back to the plain continuation, and forgets, when the step more than doubled since
    /// the last accepted one.
    pub fn advance(&mut self, w: &[Fx], g: &[Fx], memory: usize) -> AndersonStep {
        let norm = Acc::norm_squared(g).sqrt();
        let limit = self.last_norm.map(|last| last * Fx::from_int(SAFEGUARD));
        if limit.is_some_and(|limit| norm > limit)
            && let Some(next) = self.fallback.take()
        {
            self.iterates.clear();
            self.steps.clear();
            return AndersonStep {
                next,
                rejected: true,
            };
        }
        self.remember(w, g, norm, memory.min(MAX_ANDERSON_MEMORY));
        let mut plain = w.to_vec();
        crate::add_scaled(&mut plain, Fx::ONE, g);
        let next = self.accelerate(&plain, g);
        self.fallback = (next != plain).then_some(plain);
        AndersonStep {
            next,
            rejected: false,
        }
    }

    fn remember(&mut self, w: &[Fx], g: &[Fx], norm: Fx, memory: usize) {
        self.iterates.push(w.to_vec());
        self.steps.push(g.to_vec());
        self.last_norm = Some(norm);
        if self.iterates.len() > memory + 1 {
            self.iterates.remove(0);
            self.steps.remove(0);
        }
    }

    /// `plain − Σ_j γ_j(Δw_j + Δg_j)` with `γ` the least-squares fit of `g` by the `Δg_j`.
    fn accelerate(&self, plain: &[Fx], g: &[Fx]) -> Vec<Fx> {
        let mut next = plain.to_vec();
        let columns: Vec<Column> = (1..self.steps.len())
            .filter_map(|j| Column::new(self, j))
            .collect();
        let Some(weights) = fit(&columns, g) else {
            return next;
        };
        for (column, weight) in columns.iter().zip(weights) {
            crate::add_scaled(&mut next, -weight, &column.moved);
        }
        next
    }
}

/// A difference of steps scaled to unit norm, with the matching difference of images.
struct Column {
    direction: Vec<Fx>,
    moved: Vec<Fx>,
}

impl Column {
    fn new(memory: &Anderson, j: usize) -> Option<Self> {
        let step = crate::difference(&memory.steps[j], &memory.steps[j - 1]);
        let norm = Acc::norm_squared(&step).sqrt();
        if norm < LEAST_NORM {
            return None;
        }
        let mut moved = crate::difference(&memory.iterates[j], &memory.iterates[j - 1]);
        crate::add_scaled(&mut moved, Fx::ONE, &step);
        let unit = |values: Vec<Fx>| values.into_iter().map(|value| value / norm).collect();
        Some(Self {
            direction: unit(step),
            moved: unit(moved),
        })
    }
}

/// Solves the regularized normal equations by elimination; `None` without columns or when a pivot
/// vanishes.
fn fit(columns: &[Column], g: &[Fx]) -> Option<Vec<Fx>> {
    let n = columns.len();
    if n == 0 {
        return None;
    }
    let ridge = REGULARIZATION * Fx::from_int(i32::try_from(n).ok()?);
    let mut rows: Vec<Vec<Fx>> = (0..n)
        .map(|i| {
            let mut row: Vec<Fx> = (0..n)
                .map(|j| Acc::dot(&columns[i].direction, &columns[j].direction).to_fx())
                .collect();
            row[i] += ridge;
            row.push(Acc::dot(&columns[i].direction, g).to_fx());
            row
        })
        .collect();
    for pivot in 0..n {
        eliminate(&mut rows, pivot)?;
    }
    substitute(&rows)
}

fn eliminate(rows: &mut [Vec<Fx>], pivot: usize) -> Option<()> {
    let (upper, lower) = rows.split_at_mut(pivot + 1);
    let head = &upper[pivot];
    if head[pivot] <= REGULARIZATION {
        return None;
    }
    for row in lower {
        let factor = row[pivot] / head[pivot];
        for column in pivot..row.len() {
            row[column] -= factor * head[column];
        }
    }
    Some(())
}

fn substitute(rows: &[Vec<Fx>]) -> Option<Vec<Fx>> {
    let n = rows.len();
    let mut solution = vec![Fx::ZERO; n];
    for i in (0..n).rev() {
        let known: Fx = (i + 1..n).map(|j| rows[i][j] * solution[j]).sum();
        solution[i] = (rows[i][n] - known) / rows[i][i];
        if solution[i] == Fx::MAX || solution[i] == Fx::MIN {
            return None;
        }
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `w ↦ A w + b` with slow and fast modes.
    fn step(w: &[Fx]) -> Vec<Fx> {
        let rates = [Fx::ratio(99, 100), Fx::ratio(9, 10), Fx::ratio(-1, 2)];
        let goal = [3, -2, 1].map(Fx::from_int);
        (0..3)
            .map(|i| (Fx::ONE - rates[i]) * (goal[i] - w[i]))
            .collect()
    }

    fn rounds(memory: usize) -> usize {
        let mut anderson = Anderson::default();
        let mut w = vec![Fx::ZERO; 3];
        for round in 1..1_000 {
            let g = step(&w);
            if Acc::norm_squared(&g).sqrt() < Fx::ratio(1, 100_000) {
                return round;
            }
            w = anderson.advance(&w, &g, memory).next;
        }
        1_000
    }

    #[test]
    fn acceleration_solves_a_linear_map_in_few_rounds() {
        assert!(rounds(0) > 300, "plain took {}", rounds(0));
        assert!(rounds(5) <= 8, "accelerated took {}", rounds(5));
    }

    #[test]
    fn a_bad_step_is_taken_back() {
        let mut anderson = Anderson::default();
        let mut w = vec![Fx::ZERO; 3];
        let mut plain = w.clone();
        for _ in 0..3 {
            let g = step(&w);
            plain = w.clone();
            crate::add_scaled(&mut plain, Fx::ONE, &g);
            w = anderson.advance(&w, &g, 5).next;
        }
        let huge = vec![Fx::from_int(100); 3];
        let result = anderson.advance(&w, &huge, 5);
        assert!(result.rejected);
        assert_eq!(result.next, plain);
    }
}
