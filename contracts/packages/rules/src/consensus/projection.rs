//! Projections of a group and the quantities of a member.

use gridweave_units::Fx;

/// Projection of a group of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coupling {
    /// All copies equal, M(16).
    Average,
    /// Two copies of opposite sign, Y(16); the second member's sign is −1.
    Opposite,
    /// Copies sum to zero.
    SumZero,
}

impl Coupling {
    /// Sign with which the member at `position` enters the group's sum.
    pub fn sign(self, position: usize) -> Fx {
        match self {
            Self::Opposite if position == 1 => -Fx::ONE,
            _ => Fx::ONE,
        }
    }
}

/// The group's aggregate from the signed sum of its members' `w`: their mean.
pub fn aggregate(sum: &[Fx], members: u32) -> Vec<Fx> {
    let count = Fx::from_int(i32::try_from(members).unwrap_or(i32::MAX));
    sum.iter().map(|&total| total / count).collect()
}

/// A member's projected copy `z̃` given the group's aggregate.
pub fn member_copy(coupling: Coupling, sign: Fx, aggregate: &[Fx], w: &[Fx]) -> Vec<Fx> {
    match coupling {
        Coupling::Average | Coupling::Opposite => aggregate.iter().map(|&m| sign * m).collect(),
        Coupling::SumZero => crate::difference(w, aggregate),
    }
}

/// The target of a member's local problem, `c = 2z̃ − w = z̃ − ξ/ρ`, M(15).
pub fn target(copy: &[Fx], w: &[Fx]) -> Vec<Fx> {
    copy.iter().zip(w).map(|(&z, &w)| z + z - w).collect()
}

/// A member's dual `ξ = ρ(w − z̃)`, M(17).
pub fn dual(copy: &[Fx], w: &[Fx], rho: Fx) -> Vec<Fx> {
    copy.iter().zip(w).map(|(&z, &w)| rho * (w - z)).collect()
}

/// The change of a member's `w` by its answer: `α(x − z̃)`.
pub fn shift(answer: &[Fx], copy: &[Fx], relaxation: Fx) -> Vec<Fx> {
    answer
        .iter()
        .zip(copy)
        .map(|(&x, &z)| relaxation * (x - z))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fx(values: &[i32]) -> Vec<Fx> {
        values.iter().map(|&v| Fx::from_int(v)).collect()
    }

    #[test]
    fn average_makes_copies_equal() {
        let mean = aggregate(&fx(&[9, -3]), 3);
        assert_eq!(mean, fx(&[3, -1]));
        let copy = member_copy(Coupling::Average, Fx::ONE, &mean, &fx(&[7, 7]));
        assert_eq!(copy, mean);
    }

    #[test]
    fn opposite_copies_cancel() {
        let (first, second) = (fx(&[4]), fx(&[2]));
        let sum =
            vec![first[0] * Coupling::Opposite.sign(0) + second[0] * Coupling::Opposite.sign(1)];
        let mean = aggregate(&sum, 2);
        let a = member_copy(
            Coupling::Opposite,
            Coupling::Opposite.sign(0),
            &mean,
            &first,
        );
        let b = member_copy(
            Coupling::Opposite,
            Coupling::Opposite.sign(1),
            &mean,
            &second,
        );
        assert_eq!(a[0] + b[0], Fx::ZERO);
        assert_eq!(a, fx(&[1]));
    }

    #[test]
    fn pool_copies_sum_to_zero() {
        let members = [fx(&[5]), fx(&[1]), fx(&[-3])];
        let mean = aggregate(&fx(&[3]), 3);
        let total: Fx = members
            .iter()
            .map(|w| member_copy(Coupling::SumZero, Fx::ONE, &mean, w)[0])
            .sum();
        assert_eq!(total, Fx::ZERO);
    }
}
