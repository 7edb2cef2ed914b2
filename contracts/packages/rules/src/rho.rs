//! Proximal weights per round and query.

use gridweave_units::Fx;

/// Weight of a query in round `round` (1 first): `max(start·decayᵏ⁻¹, floor)`.
///
/// A decaying weight lets answers reach farther as prices settle: early rounds need answers near
/// the plan, late rounds need the corners of the feasible sets.
pub fn rho_at(start: Fx, decay: Fx, floor: Fx, round: u32) -> Fx {
    let mut rho = start;
    for _ in 1..round {
        rho = rho * decay;
        if rho <= floor {
            return floor;
        }
    }
    rho.max(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decay_to_the_floor() {
        let (start, decay, floor) = (Fx::from_int(300), Fx::ratio(6, 10), Fx::from_int(2));
        assert_eq!(rho_at(start, decay, floor, 1), start);
        let second = rho_at(start, decay, floor, 2);
        assert!((second - Fx::from_int(180)).abs() < Fx::ratio(1, 1_000));
        assert_eq!(rho_at(start, decay, floor, 60), floor);
    }

    #[test]
    fn a_constant_schedule_stays_constant() {
        let rho = Fx::from_int(100);
        assert_eq!(rho_at(rho, Fx::ONE, Fx::ONE, 2_000), rho);
    }
}
