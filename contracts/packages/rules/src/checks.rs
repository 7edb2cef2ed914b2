//! Checks on submitted iterates.

use gridweave_units::{Acc, Fx};

use crate::difference;

/// A proximal answer `x` together with the normal `n = ρ(c − x)` it implies: for an honest agent
/// `n` is a subgradient of its cost plus a normal of its feasible set at `x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The answer.
    pub answer: Vec<Fx>,
    /// The normal `ρ(c − x)`; zero for a known feasible point of an agent without private cost.
    pub normal: Vec<Fx>,
}

impl Witness {
    /// The witness of answer `x` to centre `c` with weight `ρ`.
    pub fn new(centre: &[Fx], answer: &[Fx], rho: Fx) -> Self {
        let normal = difference(centre, answer)
            .into_iter()
            .map(|offset| rho * offset)
            .collect();
        Self {
            answer: answer.to_vec(),
            normal,
        }
    }
}

/// The first position at which `values` leaves `lower..=upper`, or differs in length.
pub fn first_out_of_bounds(values: &[Fx], lower: &[Fx], upper: &[Fx]) -> Option<usize> {
    if values.len() != lower.len() || values.len() != upper.len() {
        return Some(values.len().min(lower.len()).min(upper.len()));
    }
    (0..values.len()).find(|&i| values[i] < lower[i] || values[i] > upper[i])
}

/// Whether two answers of one agent can both be proximal answers for one convex problem:
/// `Δn·Δx ≥ −tolerance·(1 + ‖n₁‖ + ‖n₂‖)·(1 + ‖Δx‖)`.
///
/// Subgradients of a convex function are monotone, so honest answers pass up to solver accuracy.
pub fn monotone(first: &Witness, second: &Witness, tolerance: Fx) -> bool {
    let step = difference(&second.answer, &first.answer);
    let turn = difference(&second.normal, &first.normal);
    let norms = Acc::norm_squared(&first.normal).sqrt() + Acc::norm_squared(&second.normal).sqrt();
    let size = Acc::norm_squared(&step).sqrt();
    let allowance = tolerance * (Fx::ONE + norms) * (Fx::ONE + size);
    Acc::dot(&turn, &step).to_fx() >= -allowance
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fx(values: &[i32]) -> Vec<Fx> {
        values.iter().map(|&v| Fx::ratio(v, 100)).collect()
    }

    #[test]
    fn bounds_report_the_first_position() {
        let (lower, upper) = (fx(&[0, 0, 0]), fx(&[10, 10, 10]));
        assert_eq!(first_out_of_bounds(&fx(&[0, 10, 5]), &lower, &upper), None);
        assert_eq!(
            first_out_of_bounds(&fx(&[0, 11, 12]), &lower, &upper),
            Some(1)
        );
        assert_eq!(
            first_out_of_bounds(&fx(&[-1, 0, 0]), &lower, &upper),
            Some(0)
        );
        assert_eq!(first_out_of_bounds(&fx(&[0, 0]), &lower, &upper), Some(2));
    }

    #[test]
    fn a_sign_flipped_answer_is_caught() {
        let (centre, rho) = (fx(&[300, -200]), Fx::from_int(100));
        let honest = Witness::new(&fx(&[100, 100]), &fx(&[50, 50]), rho);
        let flipped = Witness::new(&centre, &fx(&[-50, 50]), rho);
        assert!(!monotone(&honest, &flipped, Fx::ratio(1, 100_000)));
    }

    proptest! {
        /// Projections onto a box are honest answers whatever the centres and weights.
        #[test]
        fn honest_projections_pass(
            centres in proptest::collection::vec((-500i32..500, -500i32..500), 1..30),
            rhos in (1i32..400, 1i32..400),
        ) {
            let project = |c: &Fx| (*c).clamp(-Fx::ONE, Fx::ONE);
            let first: Vec<Fx> = centres.iter().map(|c| Fx::ratio(c.0, 100)).collect();
            let second: Vec<Fx> = centres.iter().map(|c| Fx::ratio(c.1, 100)).collect();
            let a: Vec<Fx> = first.iter().map(project).collect();
            let b: Vec<Fx> = second.iter().map(project).collect();
            let a = Witness::new(&first, &a, Fx::from_int(rhos.0));
            let b = Witness::new(&second, &b, Fx::from_int(rhos.1));
            prop_assert!(monotone(&a, &b, Fx::ratio(1, 100_000)));
        }
    }
}
