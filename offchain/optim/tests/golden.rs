//! The golden days: central cost, exactness of the relaxation, AC cost, rounded starts.

use std::path::Path;

use gridweave_model::golden::{self, Golden};
use gridweave_model::powerflow::evaluate;
use gridweave_optim::{CentralSolution, round_deferrables, solve_central};

fn solved(name: &str) -> (Golden, CentralSolution) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let golden = golden::load(&folder.join(format!("{name}.json"))).unwrap();
    let solution = solve_central(&golden.instance).unwrap();
    (golden, solution)
}

fn relative(value: f64, reference: f64) -> f64 {
    (value - reference) / reference
}

/// Cost and lowest voltage as expected, the relaxation exact and the AC power flow in agreement.
fn check_central(golden: &Golden, solution: &CentralSolution) {
    let expected = &golden.expected;
    let gap = relative(solution.cost, expected.central_cost);
    assert!(gap.abs() < 1e-6, "cost {} off by {gap:e}", solution.cost);
    let gap = solution.relaxation_gap;
    assert!(solution.is_exact(), "relaxation gap {gap:e}");
    let voltages = solution.voltages.iter().flatten().copied();
    let lowest = voltages.clone().fold(f64::INFINITY, f64::min);
    assert!((lowest - expected.voltage_min_pu.unwrap()).abs() < 1e-6);
    let limit = golden.instance.network.v_min;
    let binding = voltages.filter(|v| v * v < limit * limit + 1e-6).count();
    assert_eq!(Some(binding as u32), expected.binding_voltage_cells);
    let executed = evaluate(&golden.instance, &solution.injections).unwrap();
    let gap = relative(executed.cost, solution.cost);
    assert!(gap.abs() < 2e-5, "AC cost off by {gap:e}");
    assert!(
        executed.violation < 2e-5,
        "violation {}",
        executed.violation
    );
}

/// Integer starts within their windows, at a cost between the relaxed one and 0.01 % more.
fn check_rounding(golden: &Golden, solution: &CentralSolution) {
    let instance = &golden.instance;
    let rounded = round_deferrables(instance, &solution.injections, &solution.sites).unwrap();
    for ((site, starts), schedule) in instance
        .sites
        .iter()
        .zip(&rounded.starts)
        .zip(&rounded.sites)
    {
        let loads = site.deferrables.iter().zip(starts);
        for ((load, &start), fractions) in loads.zip(&schedule.deferrable_starts) {
            assert!((load.earliest..=load.earliest + load.max_delay).contains(&start));
            assert_eq!(fractions[start - load.earliest], 1.0);
            assert_eq!(fractions.iter().sum::<f64>(), 1.0);
        }
    }
    let gap = relative(rounded.cost, solution.cost);
    assert!((-1e-7..1e-4).contains(&gap), "rounding costs {gap:e}");
    let optimized = evaluate(instance, &rounded.injections).unwrap();
    let kept = evaluate(instance, &rounded.kept).unwrap();
    assert!(relative(optimized.cost, solution.cost) < 1e-4);
    assert!(optimized.cost < kept.cost * (1.0 + 1e-5));
    assert!(relative(kept.cost, solution.cost) < 1e-3);
}

#[test]
fn day_1() {
    let (golden, solution) = solved("day-1");
    check_central(&golden, &solution);
    check_rounding(&golden, &solution);
}

#[test]
fn day_12() {
    let (golden, solution) = solved("day-12");
    check_central(&golden, &solution);
    check_rounding(&golden, &solution);
}

#[test]
fn day_14() {
    let (golden, solution) = solved("day-14");
    check_central(&golden, &solution);
    check_rounding(&golden, &solution);
}

#[test]
fn a_day_that_exports() {
    let (golden, solution) = solved("export-13");
    check_central(&golden, &solution);
    check_rounding(&golden, &solution);
}

#[test]
fn a_day_with_binding_voltages() {
    let (golden, solution) = solved("tight-1");
    check_central(&golden, &solution);
    check_rounding(&golden, &solution);
}
