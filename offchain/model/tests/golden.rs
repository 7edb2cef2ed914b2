//! The golden instances load, match what was computed for them independently, and are refused
//! with a precise message when something in them is wrong.

use std::path::PathBuf;

use gridweave_model::golden::{self, Golden};
use gridweave_model::{SiteSchedule, baseline, bounds, evaluate};

const NAMES: [&str; 5] = ["day-1", "day-12", "day-14", "export-13", "tight-1"];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden")
        .join(format!("{name}.json"))
}

fn load(name: &str) -> Golden {
    golden::load(&path(name)).unwrap()
}

#[test]
fn all_load_with_the_devices_they_describe() {
    for name in NAMES {
        let Golden { instance, expected } = load(name);
        assert_eq!(instance.name, name);
        assert_eq!((instance.horizon, instance.network.buses.len()), (24, 56));
        assert!(expected.central_cost > 1000.0);
        let with_load = instance.sites.iter().filter(|s| s.load_p[0] > 0.0);
        assert!(with_load.clone().all(|s| s.batteries.len() == 1));
        assert!(with_load.count() > 40);
        assert!(instance.sites.iter().any(|s| !s.shapables.is_empty()));
        assert!(instance.sites.iter().any(|s| !s.deferrables.is_empty()));
    }
}

#[test]
fn expected_results_are_read() {
    let expected = load("day-1").expected;
    assert_eq!(expected.rounds_to_gap, Some([Some(2), Some(3), Some(6)]));
    assert_eq!(expected.central_status.as_deref(), Some("Solved"));
    let export = load("export-13").expected;
    assert_eq!(export.rounds_to_gap, Some([Some(5), Some(7), None]));
    let tight = load("tight-1").expected;
    assert_eq!(tight.binding_voltage_cells, Some(26));
    assert_eq!(tight.rounds_to_gap, None);
}

/// An unoptimized schedule is feasible for the devices, so it costs more than the optimum.
#[test]
fn the_default_schedule_costs_more_than_the_optimum() {
    for name in NAMES {
        let Golden { instance, expected } = load(name);
        let plan: Vec<_> = instance
            .sites
            .iter()
            .map(|site| baseline(site, instance.horizon, instance.interval_hours))
            .collect();
        let done = evaluate(&instance, &plan).unwrap();
        assert!(done.cost > expected.central_cost, "{name}: {}", done.cost);
        assert!(
            done.cost < 2.0 * expected.central_cost,
            "{name}: {}",
            done.cost
        );
        let injected: f64 = plan.iter().flatten().sum();
        let (generated, lost): (f64, f64) =
            (done.generation.iter().sum(), done.losses.iter().sum());
        assert!((generated + injected - lost).abs() < 1e-9);
    }
}

#[test]
fn defaults_lie_within_bounds_and_keep_energies() {
    let instance = load("day-1").instance;
    for site in &instance.sites {
        let plan = SiteSchedule::default_of(site, 24, 1.0);
        let net = plan.net_injection(site);
        let (lower, upper) = bounds(site);
        assert!((0..24).all(|t| lower[t] - 1e-12 <= net[t] && net[t] <= upper[t] + 1e-12));
        let drawn: f64 = site.base_injection().iter().sum::<f64>() - net.iter().sum::<f64>();
        let shapable: f64 = site.shapables.iter().map(|s| s.energy).sum();
        let deferrable: f64 = site.deferrables.iter().flat_map(|d| &d.profile).sum();
        assert!((drawn - shapable - deferrable).abs() < 1e-9);
    }
}

fn refused(from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(path("day-1")).unwrap();
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    golden::parse("day.json", &text).unwrap_err().to_string()
}

#[test]
fn errors_name_file_key_value_and_expectation() {
    for (from, to, expected) in [
        (
            "\"horizon\": 24",
            "\"horizon\": \"x\"",
            "day.json: `horizon`: invalid type: string \"x\", expected a whole number of at least 0 at line 1 column 66",
        ),
        (
            "\"horizon\": 24",
            "\"horizon\": 12",
            "day.json: `generator.beta` is a list of 24, expected 12 numbers, one per interval",
        ),
        (
            "\"alpha\": 5.0",
            "\"alpha\": -5.0",
            "day.json: `generator.alpha` is -5, expected a number of at least 0",
        ),
        (
            "\"eta\": 0.95",
            "\"eta\": 1.95",
            "day.json: `buses[2].battery.eta` is 1.95, expected an efficiency above 0, at most 1",
        ),
        (
            "\"bus\": 2, \"parent\": 1",
            "\"bus\": 2, \"parent\": 3",
            "day.json: `branches`: branch 2-3 is listed twice (either direction), expected once",
        ),
        (
            "\"buses\": [{\"bus\": 1",
            "\"buses\": [{\"bus\": 2",
            "day.json: `buses[1].bus` is 2, expected each bus once",
        ),
        (
            "\"buses\": [{\"bus\": 1",
            "\"buses\": [{\"bus\": 99",
            "day.json: `buses[0].bus` is 99, expected an end of some branch",
        ),
    ] {
        assert_eq!(refused(from, to), expected);
    }
    let unknown = refused("\"vmin_pu\"", "\"v_min\"");
    assert!(
        unknown.contains("unknown field `v_min`, expected one of `name`"),
        "{unknown}"
    );
    let missing = golden::load(std::path::Path::new("none.json")).unwrap_err();
    assert!(missing.to_string().starts_with("none.json: cannot be read"));
}
