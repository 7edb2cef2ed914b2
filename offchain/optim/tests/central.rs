//! The central program on a small feeder: prices, units and refusals.

mod common;

use clarabel::solver::SolverStatus;
use common::{HORIZON, small};
use gridweave_model::Instance;
use gridweave_model::powerflow::evaluate;
use gridweave_optim::{CentralSolution, OptimError, Problem, solve_central};

#[test]
fn the_relaxed_optimum_is_what_the_power_flow_says() {
    let mut instance = small();
    instance.sites[4].generators.clear();
    let solution = solve_central(&instance).unwrap();
    assert!(solution.is_exact(), "gap {:e}", solution.relaxation_gap);
    let executed = evaluate(&instance, &solution.injections).unwrap();
    assert!((executed.cost / solution.cost - 1.0).abs() < 1e-6);
    assert!(common::distance(&executed.generation, &solution.generation) < 1e-5);
}

#[test]
fn a_branch_without_impedance_does_no_harm() {
    let mut instance = small();
    instance.sites[4].generators.clear();
    (instance.network.buses[3].r, instance.network.buses[3].x) = (0.0, 0.0);
    let solution = solve_central(&instance).unwrap();
    assert!(solution.is_exact());
    assert!(common::distance(&solution.voltages[3], &solution.voltages[1]) < 1e-6);
    let executed = evaluate(&instance, &solution.injections).unwrap();
    assert!((executed.cost / solution.cost - 1.0).abs() < 1e-6);
}

#[test]
fn a_dlmp_is_the_marginal_cost_of_load() {
    let instance = small();
    let solution = solve_central(&instance).unwrap();
    let step = 1e-3;
    for (bus, t) in [(0, 1), (1, 0), (2, 4), (3, 2), (4, 3), (4, 5)] {
        let cost_with = |change: f64| {
            let mut changed = instance.clone();
            changed.sites[bus].load_p[t] += change;
            solve_central(&changed).unwrap().cost
        };
        let slope = (cost_with(step) - cost_with(-step)) / (2.0 * step);
        let price = solution.dlmp[bus][t];
        assert!(
            (slope - price).abs() < 2e-3 * price,
            "{slope} against {price}"
        );
    }
}

#[test]
fn prices_carry_the_losses_and_a_binding_voltage() {
    let mut instance = small();
    // Room to hold the far bus up, at a price.
    instance.sites[4].generators[0].power_max = 0.3;
    let free = solve_central(&instance).unwrap();
    let alpha = instance.generator.alpha;
    for t in 0..HORIZON {
        let marginal = 2.0 * alpha * free.generation[t] + instance.generator.beta[t];
        assert!((free.dlmp[0][t] - marginal).abs() < 1e-3);
        assert!(free.dlmp[2][t] > free.dlmp[0][t]);
    }
    let lowest = |voltages: &[f64]| voltages.iter().copied().fold(f64::INFINITY, f64::min);
    let mut tight = instance;
    tight.network.v_min = lowest(&free.voltages[4]) + 1e-3;
    let bound = solve_central(&tight).unwrap();
    let held = lowest(&bound.voltages[4]);
    assert!((held - tight.network.v_min).abs() < 1e-6, "{held}");
    assert!(bound.cost > free.cost * (1.0 + 1e-5));
    let premium = |solution: &CentralSolution| {
        let ratios = solution.dlmp[4].iter().zip(&solution.dlmp[0]);
        ratios.map(|(far, root)| far / root).fold(0.0, f64::max)
    };
    assert!(premium(&bound) > premium(&free) + 0.01);
}

/// The same feeder on another power base.
fn on_base(mut instance: Instance, factor: f64) -> Instance {
    instance.network.base_mva *= factor;
    for bus in &mut instance.network.buses {
        bus.r *= factor;
        bus.x *= factor;
    }
    instance.generator.alpha *= factor * factor;
    instance
        .generator
        .beta
        .iter_mut()
        .for_each(|b| *b *= factor);
    for site in &mut instance.sites {
        let profiles = [&mut site.load_p, &mut site.load_q, &mut site.solar];
        profiles.into_iter().flatten().for_each(|p| *p /= factor);
        for battery in &mut site.batteries {
            battery.charge_max /= factor;
            battery.discharge_max /= factor;
            battery.energy /= factor;
        }
        for load in &mut site.shapables {
            load.energy /= factor;
            load.power_min /= factor;
            load.power_max /= factor;
        }
        for load in &mut site.deferrables {
            load.profile.iter_mut().for_each(|p| *p /= factor);
        }
        for generator in &mut site.generators {
            generator.alpha *= factor * factor;
            generator.beta.iter_mut().for_each(|b| *b *= factor);
            generator.power_max /= factor;
        }
    }
    instance
}

#[test]
fn the_power_base_does_not_matter() {
    let reference = solve_central(&small()).unwrap();
    for factor in [1e-3, 100.0] {
        let solution = solve_central(&on_base(small(), factor)).unwrap();
        assert!((solution.cost / reference.cost - 1.0).abs() < 1e-8);
        let (price, expected) = (solution.dlmp[2][4], factor * reference.dlmp[2][4]);
        assert!((price / expected - 1.0).abs() < 1e-5);
        let (power, expected) = (
            solution.injections[2][4],
            reference.injections[2][4] / factor,
        );
        assert!((power / expected - 1.0).abs() < 1e-5);
    }
}

#[test]
fn voltages_that_cannot_be_held_are_no_solution() {
    let mut instance = small();
    instance.network.buses[1].r = 0.3;
    match solve_central(&instance) {
        Err(OptimError::NotSolved {
            problem: Problem::Central,
            status,
            ..
        }) => assert_ne!(status, SolverStatus::Solved),
        other => panic!("expected NotSolved, found {other:?}"),
    }
}

#[test]
fn what_is_wrong_with_an_instance_is_named() {
    let mut cases: Vec<(Instance, &str)> = vec![];
    let mut add = |change: fn(&mut Instance), message| {
        let mut instance = small();
        change(&mut instance);
        cases.push((instance, message));
    };
    add(
        |i| i.sites[3].solar.truncate(2),
        "bus 4: solar has 2 entries, expected 6",
    );
    add(
        |i| i.generator.beta.push(1.0),
        "generator.beta has 7 entries, expected 6",
    );
    add(
        |i| i.sites[1].load_q[5] = f64::NAN,
        "bus 2: load_q[5] is NaN, expected a finite number",
    );
    add(
        |i| i.network.buses[2].r = -1.0,
        "bus 3: r is -1, expected 0 or more",
    );
    add(
        |i| i.network.buses[1].parent = Some(3),
        "bus 2: its parent must stand before it",
    );
    add(
        |i| i.sites[2].batteries[0].soc_start = 2.0,
        "bus 3, battery 0: `soc_start` is 2, expected a number from 0.1 to 0.9",
    );
    for (instance, message) in cases {
        assert_eq!(solve_central(&instance).unwrap_err().to_string(), message);
    }
}
