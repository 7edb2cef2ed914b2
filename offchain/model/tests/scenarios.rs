//! Shipped scenarios: they build, they are what they say, and a seed means one instance.

use std::path::Path;

use gridweave_model::scenario::shipped_names;
use gridweave_model::{Instance, Scenario, baseline, evaluate};

fn build(name: &str) -> Instance {
    Scenario::shipped(name).unwrap().build().unwrap()
}

fn execute_default(instance: &Instance) -> gridweave_model::Execution {
    let plan: Vec<_> = instance
        .sites
        .iter()
        .map(|site| baseline(site, instance.horizon, instance.interval_hours))
        .collect();
    evaluate(instance, &plan).unwrap()
}

fn variant(text: &str) -> Instance {
    let scenario = Scenario::parse("s.toml", text, Path::new(""), []).unwrap();
    scenario.build().unwrap()
}

#[test]
fn every_shipped_scenario_builds_and_its_devices_are_feasible() {
    for name in shipped_names() {
        let instance = build(name);
        assert_eq!(instance.name, name);
        assert_eq!(instance.sites.len(), instance.network.buses.len());
        let hours = instance.horizon as f64 * instance.interval_hours;
        for site in &instance.sites {
            assert_eq!(site.load_p.len(), instance.horizon);
            assert!(site.batteries.iter().all(|b| b.check(hours).is_ok()));
            let fits = |s: &gridweave_model::Shapable| {
                s.check(instance.horizon, instance.interval_hours).is_ok()
            };
            assert!(site.shapables.iter().all(fits));
            assert!(
                site.deferrables
                    .iter()
                    .all(|d| d.check(instance.horizon).is_ok())
            );
            assert!(
                site.generators
                    .iter()
                    .all(|g| g.check(instance.horizon).is_ok())
            );
        }
    }
}

#[test]
fn munsing_55_places_devices_as_described() {
    let instance = build("munsing-55");
    assert_eq!(instance.network.buses.len(), 56);
    assert_eq!(instance.network.buses[0].id, 1);
    let loaded: Vec<_> = instance
        .sites
        .iter()
        .filter(|s| s.load_p[12] > 0.0)
        .collect();
    assert_eq!(loaded.len(), 42);
    assert!(loaded.iter().all(|site| site.batteries.len() == 1));
    let share = |has: fn(&gridweave_model::Site) -> bool| {
        loaded.iter().filter(|site| has(site)).count() as f64 / 42.0
    };
    assert!((share(|s| s.solar.iter().any(|&p| p > 0.0)) - 0.6).abs() < 0.2);
    assert!((share(|s| !s.shapables.is_empty()) - 0.7).abs() < 0.2);
    assert!((share(|s| !s.deferrables.is_empty()) - 0.7).abs() < 0.2);
    let idle = instance.sites.iter().filter(|s| !s.is_controllable());
    assert!(
        idle.clone()
            .all(|s| s.load_p.iter().chain(&s.solar).all(|&p| p == 0.0))
    );
    for site in loaded {
        for load in &site.shapables {
            assert!((10..=13).contains(&load.start) && (20..=24).contains(&load.end));
        }
        for load in &site.deferrables {
            assert!((7..=11).contains(&load.earliest) && (3..=8).contains(&load.max_delay));
        }
    }
    let done = execute_default(&instance);
    assert_eq!(done.violation, 0.0);
    assert!((2000.0..6000.0).contains(&done.cost), "{}", done.cost);
}

#[test]
fn the_tight_feeder_violates_its_limits_unless_scheduled() {
    let done = execute_default(&build("munsing-55-tight"));
    let low = done
        .voltages
        .iter()
        .flatten()
        .filter(|&&v| v < 0.95)
        .count();
    assert!(low >= 20, "{low} cells below the limit");
}

#[test]
fn quick_has_every_kind_of_device() {
    let instance = build("quick");
    assert_eq!(instance.network.buses.len(), 7);
    let sites = &instance.sites;
    assert!(sites.iter().any(|s| s.solar.iter().any(|&p| p > 0.0)));
    assert!(sites.iter().any(|s| !s.batteries.is_empty()));
    assert!(sites.iter().any(|s| !s.shapables.is_empty()));
    assert!(sites.iter().any(|s| !s.deferrables.is_empty()));
    assert!(sites.iter().any(|s| s.has_private_cost()));
    assert_eq!(execute_default(&instance).violation, 0.0);
}

#[test]
fn a_seed_means_one_instance() {
    let scenario = Scenario::shipped("munsing-55").unwrap();
    let first = scenario.build().unwrap();
    assert_eq!(first, scenario.build().unwrap());
    assert_eq!(first, build("munsing-55"));
    let other = scenario.clone().with_seed(2).build().unwrap();
    assert_ne!(first.sites, other.sites);
    assert_eq!(first.network, other.network);
}

#[test]
fn another_day_keeps_the_devices() {
    let scenario = Scenario::shipped("munsing-55").unwrap();
    let today = scenario.build().unwrap();
    let before = scenario.clone().with_day(-1);
    assert_eq!((scenario.day(), before.day()), (0, 364));
    let yesterday = before.build().unwrap();
    for (a, b) in today.sites.iter().zip(&yesterday.sites) {
        assert_eq!(
            (&a.batteries, &a.shapables, &a.deferrables),
            (&b.batteries, &b.shapables, &b.deferrables)
        );
        assert_eq!(a.load_p == b.load_p, a.load_p.iter().all(|&p| p == 0.0));
    }
    assert_eq!(before.with_day(1).build().unwrap(), today);
}

const SMALL: &str = r#"
name = "small"
[grid]
case = "sce47"
[generator]
alpha = 1.0
beta = 30.0
"#;

#[test]
fn adding_a_kind_of_device_moves_no_other() {
    let bare = variant(SMALL);
    let solar = variant(&format!("{SMALL}[solar]\n"));
    let all = variant(&format!(
        "{SMALL}[solar]\n[battery]\n[shapable]\n[deferrable]\n"
    ));
    let some = variant(&format!("{SMALL}[deferrable]\nshare = 1.0\n[shapable]\n"));
    for i in 0..bare.sites.len() {
        assert_eq!(bare.sites[i].load_p, all.sites[i].load_p);
        assert_eq!(solar.sites[i].solar, all.sites[i].solar);
        assert_eq!(some.sites[i].shapables, all.sites[i].shapables);
    }
}

#[test]
fn a_longer_horizon_repeats_devices_and_a_finer_one_keeps_energies() {
    let text = format!("{SMALL}[shapable]\n[deferrable]\n");
    let hourly = variant(&text);
    let week = variant(&format!("horizon = 168\n{text}"));
    let fine = variant(&format!("horizon = 96\ninterval_minutes = 15\n{text}"));
    for i in 0..hourly.sites.len() {
        let (site, weekly, quarter) = (&hourly.sites[i], &week.sites[i], &fine.sites[i]);
        assert_eq!(weekly.shapables.len(), 7 * site.shapables.len());
        assert_eq!(weekly.load_p[..24], site.load_p);
        for (a, b) in site.shapables.iter().zip(&quarter.shapables) {
            assert_eq!(
                (4 * a.start, 4 * a.end, a.energy),
                (b.start, b.end, b.energy)
            );
        }
        for (a, b) in site.deferrables.iter().zip(&quarter.deferrables) {
            let energy = b.profile.iter().sum::<f64>() * 0.25;
            assert!((a.profile.iter().sum::<f64>() - energy).abs() < 1e-12);
        }
    }
    // The same schedule costs the same at either resolution, up to losses that do not differ.
    let (a, b) = (execute_default(&hourly).cost, execute_default(&fine).cost);
    assert!((a - b).abs() < 1e-6 * a, "{a} {b}");
}

#[test]
fn the_power_base_changes_numbers_but_no_physics() {
    let ten = variant(&SMALL.replace("case =", "base_mva = 10.0\ncase ="));
    let one = variant(SMALL);
    let (a, b) = (execute_default(&one), execute_default(&ten));
    assert!((a.cost - b.cost).abs() < 1e-6 * a.cost);
    assert!((a.v_min - b.v_min).abs() < 1e-9);
    assert!((a.generation[12] - 10.0 * b.generation[12]).abs() < 1e-9);
}
