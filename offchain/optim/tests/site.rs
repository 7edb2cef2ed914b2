//! The device problem of a bus: projections, best responses and reuse.

mod common;

use common::{HORIZON, distance, dot, small, violation};
use gridweave_model::{Instance, Site};
use gridweave_optim::{OptimError, SiteProblem};
use proptest::array::uniform6;
use proptest::prelude::*;

/// How well an answer is known (pu).
const ACCURACY: f64 = 1e-5;

fn instance_with(site: Site) -> Instance {
    let mut instance = small();
    instance.sites[2] = site;
    instance
}

prop_compose! {
    fn sites()(
        load in uniform6(0.0f64..0.5),
        size in 0.05f64..2.0,
        start in 0.1f64..0.9,
        filling in 0.1f64..0.9,
        window in (0usize..4, 1usize..3),
        delays in (0usize..3, 0usize..3),
        has in any::<[bool; 3]>(),
    ) -> Site {
        let mut site = common::site(load);
        if has[0] {
            let mut battery = common::battery();
            battery.charge_max *= size;
            battery.soc_start = start;
            battery.soc_end_min = (start - 0.05).max(battery.soc_min);
            battery.soc_end_max = (start + 0.05).min(battery.soc_max);
            site.batteries.push(battery);
        }
        if has[1] {
            let mut shapable = common::shapable();
            shapable.start = window.0;
            shapable.end = window.0 + window.1;
            shapable.power_max = size;
            shapable.power_min = 0.1 * size;
            shapable.energy = filling.max(0.1) * size * window.1 as f64;
            site.shapables.push(shapable);
        }
        if has[2] {
            let mut deferrable = common::deferrable();
            (deferrable.earliest, deferrable.max_delay) = delays;
            deferrable.profile.iter_mut().for_each(|p| *p *= size);
            site.deferrables.push(deferrable);
        }
        site
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_answer_is_a_projection_onto_the_feasible_set(
        site in sites(),
        first in uniform6(-3.0f64..3.0),
        second in uniform6(-3.0f64..3.0),
        rho in 1.0f64..1000.0,
    ) {
        let instance = instance_with(site);
        let mut problem = SiteProblem::new(&instance, 2).unwrap();
        let one = problem.respond(&first, rho).unwrap();
        let two = problem.respond(&second, rho).unwrap();
        prop_assert!(violation(&instance.sites[2], &one) < 1e-6);
        prop_assert_eq!(one.cost, 0.0);
        let again = problem.respond(&one.injection, rho).unwrap();
        prop_assert!(distance(&again.injection, &one.injection) < ACCURACY);
        let moved: Vec<f64> = one.injection.iter().zip(&two.injection).map(|(a, b)| a - b).collect();
        let asked: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        prop_assert!(dot(&moved, &moved) <= dot(&moved, &asked) + 1e-6);
    }

    #[test]
    fn no_answer_beats_the_best_response(
        site in sites(),
        centre in uniform6(-2.0f64..2.0),
        prices in uniform6(-20.0f64..100.0),
        costly in any::<bool>(),
    ) {
        let mut instance = instance_with(site);
        if costly {
            instance.sites[2].generators.push(common::generator());
        }
        let mut problem = SiteProblem::new(&instance, 2).unwrap();
        let answer = problem.respond(&centre, 50.0).unwrap();
        let (best, attained) = problem.best_response(&prices).unwrap();
        let level = 1.0 + best.abs();
        prop_assert!(violation(&instance.sites[2], &attained) < 1e-6);
        prop_assert!((dot(&prices, &attained.injection) - attained.cost - best).abs() < 1e-6 * level);
        prop_assert!(dot(&prices, &answer.injection) - answer.cost <= best + 1e-6 * level);
    }
}

#[test]
fn a_reused_solver_answers_as_a_fresh_one() {
    let instance = small();
    for bus in 0..5 {
        let mut reused = SiteProblem::new(&instance, bus).unwrap();
        for round in 0..5 {
            let centre = vec![0.3 - 0.2 * f64::from(round); HORIZON];
            let rho = 300.0 * 0.6_f64.powi(round);
            let mut fresh = SiteProblem::new(&instance, bus).unwrap();
            let prices = vec![40.0 + f64::from(round); HORIZON];
            let expected = fresh.best_response(&prices).unwrap();
            assert_eq!(reused.best_response(&prices).unwrap(), expected);
            let expected = fresh.respond(&centre, rho).unwrap();
            assert_eq!(reused.respond(&centre, rho).unwrap(), expected);
        }
    }
}

#[test]
fn a_bus_without_devices_answers_its_base() {
    let instance = small();
    let mut problem = SiteProblem::new(&instance, 1).unwrap();
    let base = instance.sites[1].base_injection();
    let answer = problem.respond(&[1.0; HORIZON], 10.0).unwrap();
    assert_eq!(answer.injection, base);
    let (value, _) = problem.best_response(&[50.0; HORIZON]).unwrap();
    assert!((value - 50.0 * base.iter().sum::<f64>()).abs() < 1e-6);
}

#[test]
fn a_private_generator_runs_until_its_marginal_cost_meets_the_pull() {
    let mut instance = small();
    instance.sites[4].deferrables.clear();
    let base = instance.sites[4].base_injection();
    let mut problem = SiteProblem::new(&instance, 4).unwrap();
    // min 40g² + 55g + ρ/2·(g − 1)², so g = (ρ − 55)/(ρ + 80).
    let centre: Vec<f64> = base.iter().map(|b| b + 1.0).collect();
    let rho = 60.0;
    let expected = (rho - 55.0) / (rho + 80.0);
    let answer = problem.respond(&centre, rho).unwrap();
    for output in &answer.schedule.generation {
        assert!((output - expected).abs() < 1e-6);
    }
    let cost = HORIZON as f64 * (40.0 * expected * expected + 55.0 * expected);
    assert!((answer.cost - cost).abs() < 1e-4);
}

#[test]
fn a_device_without_a_schedule_is_refused_by_bus() {
    let mut instance = small();
    instance.sites[3].shapables[0].energy = 9.0;
    let error = SiteProblem::new(&instance, 3).err().unwrap();
    assert!(matches!(error, OptimError::BadDevice { bus: 4, .. }));
    let message = error.to_string();
    assert!(
        message.starts_with("bus 4, shapable 0: `energy` is 9, expected"),
        "{message}"
    );
    let error = SiteProblem::new(&small(), 7).err().unwrap();
    assert_eq!(error.to_string(), "there is no bus index 7, only 5");
}

#[test]
fn a_centre_that_does_not_fit_is_refused() {
    let mut problem = SiteProblem::new(&small(), 2).unwrap();
    let error = problem.respond(&[0.0; 3], 1.0).unwrap_err();
    assert_eq!(error.to_string(), "centre has 3 entries, expected 6");
    let error = problem.respond(&[0.0; HORIZON], 0.0).unwrap_err();
    assert_eq!(error.to_string(), "rho is 0, expected a positive number");
    let error = problem
        .best_response(&[f64::INFINITY; HORIZON])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "prices[0] is inf, expected a finite number"
    );
}

#[test]
fn a_problem_answers_the_same_on_another_thread() {
    let instance = small();
    let mut here = SiteProblem::new(&instance, 4).unwrap();
    let mut there = SiteProblem::new(&instance, 4).unwrap();
    let centre = [0.1; HORIZON];
    let moved = std::thread::spawn(move || there.respond(&centre, 30.0).unwrap());
    assert_eq!(moved.join().unwrap(), here.respond(&centre, 30.0).unwrap());
}
