use super::*;
use crate::{BranchSpec, Generator, NetworkBase, Site};
use proptest::prelude::*;

fn network(branches: &[(u32, u32, f64, f64)]) -> Network {
    let base = NetworkBase {
        base_mva: 1.0,
        base_kv: 12.0,
        v_min: 0.95,
        v_max: 1.05,
    };
    let specs: Vec<_> = branches
        .iter()
        .map(|&(from, to, r, x)| BranchSpec { from, to, r, x })
        .collect();
    Network::from_branches(base, 1, &specs).unwrap()
}

fn instance(network: Network, horizon: usize, load_q: Vec<Vec<f64>>) -> Instance {
    let sites = load_q.into_iter().map(|load_q| Site {
        load_p: vec![0.0; horizon],
        load_q,
        solar: vec![0.0; horizon],
        ..Site::default()
    });
    Instance {
        name: "test".into(),
        horizon,
        interval_hours: 1.0,
        sites: sites.collect(),
        network,
        generator: Generator {
            alpha: 2.0,
            beta: vec![10.0; horizon],
        },
    }
}

proptest! {
    /// Two buses have a closed form: u² + u(2(rP + xQ) − V₀²) + (r² + x²)(P² + Q²) = 0, u = V₁².
    #[test]
    fn two_buses_match_the_closed_form(
        r in 0.0..0.05f64, x in 0.0..0.05f64, p in -1.5..1.5f64, q in -1.0..1.0f64, root in 0.9..1.1f64,
    ) {
        let flow = &power_flow(
            &network(&[(1, 2, r, x)]),
            &[vec![0.0], vec![-p]],
            &[vec![0.0], vec![-q]],
            &[root],
        ).unwrap()[0];
        let b = 2.0 * (r * p + x * q) - root;
        let c = (r * r + x * x) * (p * p + q * q);
        let u = 0.5 * (-b + (b * b - 4.0 * c).sqrt());
        let loss = r * (p * p + q * q) / u;
        prop_assert!((flow.voltages[1].powi(2) - u).abs() < 1e-10);
        prop_assert!((flow.losses - loss).abs() < 1e-10);
        prop_assert!((flow.root_p - p - loss).abs() < 1e-10);
    }

    /// Generation = load + losses, whatever the tree.
    #[test]
    fn power_balances(
        parents in prop::collection::vec(any::<prop::sample::Index>(), 2..20),
        seeds in prop::collection::vec((-0.1..0.1, -0.05..0.05), 21),
    ) {
        let branches: Vec<_> = parents.iter().enumerate()
            .map(|(i, parent)| (parent.index(i + 1) as u32 + 1, i as u32 + 2, 0.004, 0.006))
            .collect();
        let network = network(&branches);
        let n = network.buses.len();
        let p: Vec<Vec<f64>> = seeds[..n].iter().map(|s| vec![s.0]).collect();
        let q: Vec<Vec<f64>> = seeds[..n].iter().map(|s| vec![s.1]).collect();
        let flow = &power_flow(&network, &p, &q, &[1.0]).unwrap()[0];
        let injected: f64 = p.iter().map(|row| row[0]).sum();
        prop_assert!(flow.losses >= 0.0);
        prop_assert!((flow.root_p + injected - flow.losses).abs() < 1e-10);
    }
}

#[test]
fn an_impossible_load_is_an_error() {
    let net = network(&[(1, 2, 0.1, 0.1)]);
    let zero = [vec![0.0], vec![0.0]];
    let error = power_flow(&net, &[vec![0.0], vec![-50.0]], &zero, &[1.0]).unwrap_err();
    assert!(matches!(
        error,
        PowerFlowError::NotConverged { interval: 0, .. }
    ));
}

#[test]
fn wrong_shapes_are_named() {
    let net = network(&[(1, 2, 0.1, 0.1)]);
    let zero = [vec![0.0], vec![0.0]];
    let error = power_flow(&net, &[vec![0.0]], &zero, &[1.0]).unwrap_err();
    assert_eq!(error.to_string(), "p has 1 entries, expected 2");
    let inst = instance(net, 1, zero.to_vec());
    let error = evaluate(&inst, &[vec![0.0], vec![0.0; 3]]).unwrap_err();
    assert_eq!(error.to_string(), "injections[1] has 3 entries, expected 1");
}

#[test]
fn the_root_is_lowered_until_an_exporting_bus_is_within_limits() {
    let inst = instance(network(&[(1, 2, 0.02, 0.02)]), 2, vec![vec![0.0; 2]; 2]);
    let done = evaluate(&inst, &[vec![0.0; 2], vec![1.0, -1.0]]).unwrap();
    assert!(done.voltages[0][0] < 1.05 - 1e-3);
    // Lowering the root lowers this bus a little more, so it ends just below the limit.
    assert!((1.0499..=1.05 + 1e-9).contains(&done.voltages[1][0]));
    assert!((done.voltages[0][1] - 1.05).abs() < 1e-12);
    assert!(done.violation < 1e-6);
    assert!((done.v_max - 1.05).abs() < 1e-12);
}

#[test]
fn exports_cost_nothing_and_imports_cost_alpha_and_beta() {
    let inst = instance(network(&[(1, 2, 0.0, 0.01)]), 2, vec![vec![0.0; 2]; 2]);
    let done = evaluate(&inst, &[vec![0.0; 2], vec![0.5, -0.5]]).unwrap();
    assert!((done.generation[0] + 0.5).abs() < 1e-12);
    assert!((done.cost - (2.0 * 0.25 + 10.0 * 0.5)).abs() < 1e-9);
}

#[test]
fn a_deep_voltage_is_reported_as_violation() {
    let inst = instance(network(&[(1, 2, 0.1, 0.0)]), 1, vec![vec![0.0]; 2]);
    let done = evaluate(&inst, &[vec![0.0], vec![-1.2]]).unwrap();
    assert!((done.violation - (0.95 - done.v_min)).abs() < 1e-12);
    assert!(done.violation > 0.01);
}
