//! Fixed-point power flow and its derivatives against complex phasors in f64.

mod common;

use common::{Feeder, feeders, float, fx};
use gridweave_rules::distflow::{adjoint, solve};
use gridweave_units::Fx;
use proptest::prelude::*;

/// Root voltage high enough that no random feeder exceeds the limit.
const V_MAX: f64 = 1.1025;

fn solved(feeder: &Feeder) -> gridweave_rules::distflow::Flow {
    let p: Vec<Fx> = feeder.p.iter().map(|&v| fx(v)).collect();
    let q: Vec<Fx> = feeder.q.iter().map(|&v| fx(v)).collect();
    solve(&feeder.network(), &p, &q, fx(V_MAX))
}

/// Root voltage that the rule ended with.
fn root(flow: &gridweave_rules::distflow::Flow) -> f64 {
    float(flow.v[0])
}

/// Central difference of a scalar of the reference with respect to the injection at `bus`.
fn slope(feeder: &Feeder, bus: usize, v0: f64, value: impl Fn(f64, &[f64]) -> f64) -> f64 {
    let step = 1e-5;
    let at = |delta: f64| {
        let mut moved = feeder.clone();
        moved.p[bus] += delta;
        let (g, v) = moved.power_flow(v0);
        value(g, &v)
    };
    (at(step) - at(-step)) / (2.0 * step)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Generation and voltages within 1e-7 pu of the phasor solution.
    #[test]
    fn sweep_matches_phasors(feeder in feeders()) {
        let flow = solved(&feeder);
        let (generation, voltages) = feeder.power_flow(root(&flow));
        prop_assert!((float(flow.generation) - generation).abs() < 1e-7);
        for (rule, reference) in flow.v.iter().zip(voltages) {
            prop_assert!((float(*rule) - reference).abs() < 1e-7);
        }
    }

    /// No bus ends above the limit by more than the tolerance of the root adjustment.
    #[test]
    fn the_root_voltage_makes_room(feeder in feeders()) {
        let mut exporting = feeder;
        for p in &mut exporting.p {
            *p = p.abs();
        }
        let flow = solved(&exporting);
        prop_assert!(float(flow.v_max()) <= V_MAX + 1e-4);
    }

    /// Loss factors `−∂g/∂p` within 1e-5 of finite differences.
    #[test]
    fn loss_factors_match_differences(feeder in feeders(), pick in any::<prop::sample::Index>()) {
        let flow = solved(&feeder);
        let bus = pick.index(feeder.len());
        let gradient = adjoint(&feeder.network(), &flow, Fx::ONE, None);
        let reference = slope(&feeder, bus, root(&flow), |g, _| -g);
        let rule = 1.0 - float(gradient[bus]);
        prop_assert!((rule - reference).abs() < 1e-5, "{rule} against {reference}");
    }

    /// Voltage sensitivities within 1e-5 of finite differences.
    #[test]
    fn voltage_sensitivities_match_differences(
        feeder in feeders(),
        picks in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let flow = solved(&feeder);
        let (bus, watched) = (picks.0.index(feeder.len()), picks.1.index(feeder.len()));
        prop_assume!(watched != 0);
        let mut seed = vec![Fx::ZERO; feeder.len()];
        seed[watched] = Fx::ONE;
        let gradient = adjoint(&feeder.network(), &flow, Fx::ZERO, Some(&seed));
        let reference = slope(&feeder, bus, root(&flow), |_, v| v[watched]);
        let rule = float(gradient[bus]);
        prop_assert!((rule - reference).abs() < 1e-5, "{rule} against {reference}");
    }

    /// Any bits at all: the functions return.
    #[test]
    fn nothing_panics(bits in prop::collection::vec(any::<(i64, i64, i64, i64)>(), 1..20)) {
        let branches: Vec<_> = bits[1..]
            .iter()
            .enumerate()
            .map(|(above, b)| (above / 2, Fx::from_bits(b.2).abs(), Fx::from_bits(b.3).abs()))
            .collect();
        let network = gridweave_rules::distflow::Network::new(&branches).expect("a tree");
        let p: Vec<Fx> = bits.iter().map(|b| Fx::from_bits(b.0)).collect();
        let q: Vec<Fx> = bits.iter().map(|b| Fx::from_bits(b.1)).collect();
        let flow = solve(&network, &p, &q, fx(V_MAX));
        let gradient = adjoint(&network, &flow, Fx::ONE, Some(&p));
        prop_assert_eq!(gradient.len(), network.len());
    }
}
