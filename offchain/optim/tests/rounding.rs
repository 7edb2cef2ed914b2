//! Real start times on a small feeder.

mod common;

use common::{HORIZON, small};
use gridweave_model::Instance;
use gridweave_optim::{fix_starts, round_deferrables, solve_central};

/// Two more deferrable loads, so that the choice of one depends on the others.
fn with_loads() -> Instance {
    let mut instance = small();
    for bus in [2, 3] {
        let mut load = common::deferrable();
        load.profile.iter_mut().for_each(|p| *p *= bus as f64);
        instance.sites[bus].deferrables.push(load);
    }
    instance
}

#[test]
fn rounding_is_near_the_best_of_all_combinations() {
    let instance = with_loads();
    let relaxed = solve_central(&instance).unwrap();
    let rounded = round_deferrables(&instance, &relaxed.injections, &relaxed.sites).unwrap();
    let mut best = f64::INFINITY;
    for code in 0..64 {
        let at = |digit: u32| vec![1 + (code / 4_usize.pow(digit)) % 4];
        let starts = vec![vec![], vec![], at(0), at(1), at(2)];
        let fixed = fix_starts(&instance, &starts).unwrap();
        best = best.min(solve_central(&fixed).unwrap().cost);
    }
    assert!(relaxed.cost <= best * (1.0 + 1e-7));
    assert!(best <= rounded.cost * (1.0 + 1e-7));
    assert!(
        rounded.cost < 1.005 * best,
        "{} against {best}",
        rounded.cost
    );
}

#[test]
fn starts_that_are_whole_already_stay() {
    let mut instance = with_loads();
    for bus in [2, 3, 4] {
        instance.sites[bus].deferrables[0].max_delay = 0;
    }
    let relaxed = solve_central(&instance).unwrap();
    let rounded = round_deferrables(&instance, &relaxed.injections, &relaxed.sites).unwrap();
    assert_eq!(
        rounded.starts,
        vec![vec![], vec![], vec![1], vec![1], vec![1]]
    );
    assert!((rounded.cost / relaxed.cost - 1.0).abs() < 1e-7);
    for bus in 0..5 {
        assert!(common::distance(&rounded.kept[bus], &relaxed.injections[bus]) < 1e-6);
    }
}

#[test]
fn what_is_kept_moves_the_same_energy() {
    let instance = with_loads();
    let relaxed = solve_central(&instance).unwrap();
    let rounded = round_deferrables(&instance, &relaxed.injections, &relaxed.sites).unwrap();
    for bus in 0..5 {
        let before: f64 = relaxed.injections[bus].iter().sum();
        let after: f64 = rounded.kept[bus].iter().sum();
        assert!((before - after).abs() < 1e-6);
        let schedule = &rounded.sites[bus];
        assert_eq!(schedule.deferrable.len(), HORIZON);
        let base = instance.sites[bus].base_injection();
        let total: Vec<f64> = base
            .iter()
            .zip(schedule.injection())
            .map(|(b, c)| b + c)
            .collect();
        assert!(common::distance(&total, &rounded.injections[bus]) < 1e-12);
    }
}

#[test]
fn starts_outside_the_window_are_refused() {
    let mut starts = vec![vec![]; 5];
    let error = fix_starts(&small(), &starts).unwrap_err();
    assert_eq!(
        error.to_string(),
        "starts of bus 5 has 0 entries, expected 1"
    );
    starts[4] = vec![5];
    let error = fix_starts(&small(), &starts).unwrap_err();
    let expected = "start of a deferrable load of bus 5 is 5, expected an interval in 1 ..= 4";
    assert_eq!(error.to_string(), expected);
}
