//! The shipped crowd is what it says, a seed means one crowd, and bad values are named.

use std::path::Path;

use gridweave_model::crowdsourcing::{Crowd, CrowdsourceeKind};
use gridweave_model::{Instance, Scenario};

const SHIPPED: &str = include_str!("../../scenarios/ces-56.toml");

fn built(scenario: &Scenario) -> (Instance, Crowd) {
    let instance = scenario.build().unwrap();
    let crowd = scenario.crowd(&instance).unwrap().unwrap();
    (instance, crowd)
}

fn shipped() -> Scenario {
    Scenario::shipped("ces-56").unwrap()
}

#[test]
fn every_load_bus_has_the_devices_of_the_paper() {
    let (instance, crowd) = built(&shipped());
    assert_eq!(crowd.crowdsourcees.len(), 42);
    let peaks = instance.sites.iter().map(|site| {
        let load = site.load_p.iter().zip(&site.load_q);
        (
            site,
            load.map(|(p, q)| f64::hypot(*p, *q)).fold(0.0, f64::max),
        )
    });
    for (site, largest) in peaks.filter(|(_, largest)| *largest > 0.0) {
        let [battery] = &site.batteries[..] else {
            panic!("{} batteries", site.batteries.len());
        };
        assert!((battery.energy / battery.discharge_max - 4.0).abs() < 1e-9);
        // The measured day stays below the peak of the published table.
        let peak = battery.discharge_max / 0.8;
        assert!(largest <= 1.3 * peak, "{largest} of {peak}");
        let [load] = &site.shapables[..] else {
            panic!("{} shapable loads", site.shapables.len());
        };
        assert!((4..=10).contains(&(load.end - load.start)));
        assert!(load.start >= 9 && load.end <= 24);
        assert!(load.energy <= 5.0 * peak + 1e-12);
        assert!(site.solar.iter().any(|&power| power > 0.0));
        assert!(site.has_private_cost());
    }
}

#[test]
fn feeders_cover_the_network_and_about_half_decide_in_real_time() {
    let (instance, crowd) = built(&shipped());
    let mut buses: Vec<usize> = crowd.feeders.iter().flat_map(|f| f.buses.clone()).collect();
    buses.sort_unstable();
    assert_eq!(buses, (0..instance.network.buses.len()).collect::<Vec<_>>());
    for who in &crowd.crowdsourcees {
        assert!(crowd.feeders[who.feeder].buses.contains(&who.bus));
        assert!(who.preferences.power_max > 0.0);
        assert!(!who.preferences.available.is_empty());
        if let CrowdsourceeKind::Type2 { acceptance } = who.kind {
            assert!(who.preferences.floor_price <= acceptance.reservation);
        }
    }
    let type2: usize = (0..crowd.feeders.len())
        .map(|f| crowd.type2(f).count())
        .sum();
    assert!((14..=28).contains(&type2), "{type2} of 42");
    for data in &crowd.feeders {
        let load: f64 = data
            .buses
            .iter()
            .map(|&bus| instance.sites[bus].load_p[18])
            .sum();
        assert!((data.shortage[18] - 0.3 * load).abs() < 1e-12);
    }
}

#[test]
fn a_seed_means_one_crowd() {
    let (_, first) = built(&shipped());
    let (_, again) = built(&shipped());
    assert_eq!(first, again);
    let (_, other) = built(&shipped().with_seed(2));
    assert_ne!(first.crowdsourcees, other.crowdsourcees);
}

#[test]
fn a_scenario_without_the_table_has_no_crowd() {
    let scenario = Scenario::shipped("quick").unwrap();
    let instance = scenario.build().unwrap();
    assert_eq!(scenario.crowd(&instance), Ok(None));
}

/// What is replaced, by what, and the message.
const CASES: [(&str, &str, &str); 18] = [
    (
        "budget_per_mwh = 80.0\n",
        "",
        "`crowdsourcing.feeder[0].budget` is nothing, expected a series, or crowdsourcing.budget_per_mwh",
    ),
    (
        "budget_per_mwh = 80.0",
        "budget_per_mwh = -1.0",
        "`crowdsourcing.budget_per_mwh` is -1, expected a number of at least 0",
    ),
    (
        "interval = 0.1",
        "interval = 0.9",
        "`crowdsourcing.variation.interval` is 0.9, expected a number from 0 to 0.8",
    ),
    (
        "type2_share = 0.5",
        "type2_share = 1.5",
        "`crowdsourcing.type2_share` is 1.5, expected a number from 0 to 1",
    ),
    (
        "type2_share = 0.5",
        "typo = 1",
        "`crowdsourcing.typo`: unknown field `typo`, expected one of `type2_share`, `shortage`, `incentive_cap`, `raises`, `supplement_price`, `budget_per_mwh`, `feeder`, `variation`, `preferences`, `acceptance`",
    ),
    (
        "raises = 2",
        "raises = 17",
        "`crowdsourcing.raises` is 17, expected at most 16",
    ),
    (
        "incentive_cap = 150.0",
        "incentive_cap = 0.0",
        "`crowdsourcing.incentive_cap` is 0, expected a number above 0",
    ),
    (
        "0.15, 0, 0]",
        "0.15, 0]",
        "`crowdsourcing.shortage` is a list of 23, expected 24 numbers, one per interval",
    ),
    (
        "0.15, 0, 0]",
        "0.15, 0, inf]",
        "`crowdsourcing.shortage[23]` is inf, expected a finite number",
    ),
    (
        "root = 7",
        "root = 77",
        "`crowdsourcing.feeder[1].root` is 77, expected a bus of the grid",
    ),
    (
        "root = 7",
        "root = 1",
        "`crowdsourcing.feeder[1].root` is 1, expected each bus once",
    ),
    (
        "root = 1\n",
        "root = 2\n",
        "`crowdsourcing.feeder` is without bus 1, expected one feeder with the root of the grid, 1",
    ),
    (
        "root = 1\n",
        "root = 1\nbudget = -8.0\n",
        "`crowdsourcing.feeder[0].budget[0]` is -8, expected a number of at least 0",
    ),
    (
        "available_from = [0, 8]",
        "available_from = [0, 21]",
        "`crowdsourcing.preferences.available_from` is [0, 21], expected two ascending hours of at most 20",
    ),
    (
        "floor = [0.6, 0.9]",
        "floor = [0.6, 1.1]",
        "`crowdsourcing.preferences.floor[1]` is 1.1, expected a number from 0 to 1",
    ),
    (
        "spread = 8.0",
        "spread = 0.0",
        "`crowdsourcing.acceptance.spread` is 0, expected a number above 0",
    ),
    (
        "horizon = 24",
        "horizon = 48",
        "`horizon` is 48, expected at most one day, since [crowdsourcing] places a crowd in it",
    ),
    (
        "duration = [4, 10]",
        "duration = [4, 16]",
        "`shapable.duration` is [4, 16], expected two ascending hours of at most 15",
    ),
];

#[test]
fn bad_values_are_named() {
    for (from, to, expected) in CASES {
        assert!(SHIPPED.contains(from), "nothing to replace: {from}");
        let mut text = SHIPPED.replacen(from, to, 1);
        if from.starts_with("horizon") {
            // The generator's prices are a day of hours, repeated.
            text = text.replace("shortage = [", "shortage = 0.0\n# [");
        }
        let scenario = Scenario::parse("s.toml", &text, Path::new(""), []);
        let crowd = scenario.and_then(|scenario| scenario.crowd(&scenario.build()?));
        let message = crowd.unwrap_err().to_string();
        assert_eq!(
            message,
            format!("s.toml: {expected}"),
            "replacing {from:?} by {to:?}"
        );
    }
}
