//! Golden communities; random homes are in `random.rs`.

mod random;

use std::path::Path;

use gridweave_model::prosumers::{
    Community, CommunityExpected, CommunityFile, DrBasis, Prosumer, Storage,
};

use super::{HomeProblem, Trading, baseline, solve_community};
use crate::OptimError;

const GOLDEN: [&str; 4] = ["p10-24-10", "p10-24-11", "p10-168-12", "p100-24-13"];

fn golden(name: &str) -> (Community, CommunityExpected) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/prosumers");
    let file = CommunityFile::load(&folder.join(format!("{name}.json"))).unwrap();
    (file.community, file.expected.unwrap())
}

fn assert_close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off < tolerance, "{what}: {found}, expected {expected}");
}

#[test]
fn golden_communities_cost_what_is_expected() {
    for name in GOLDEN {
        let (community, expected) = golden(name);
        let with = solve_community(&community, Trading::Pool).unwrap();
        assert_close(name, with.cost, expected.central_cost, 1e-6);
        let without = solve_community(&community, Trading::None).unwrap();
        assert_close(name, without.cost, expected.cost_without_trade, 1e-6);
        for (home, schedule) in community.homes.iter().zip(&with.homes) {
            schedule.check(&community, home, 1e-5).unwrap();
        }
        for t in 0..community.horizon {
            let net: f64 = with.homes.iter().map(|home| home.trade[t]).sum();
            assert!(net.abs() < 1e-5, "{name}: {net} kW in interval {t}");
        }
    }
}

#[test]
fn the_price_is_the_expected_dual() {
    let (community, expected) = golden("p10-24-10");
    let prices = solve_community(&community, Trading::Pool).unwrap().prices;
    let expected = expected.trade_price.unwrap();
    assert_eq!(prices.len(), expected.len());
    for (t, (price, dual)) in prices.iter().zip(&expected).enumerate() {
        assert!((price + dual).abs() < 1e-3, "interval {t}: {price}, {dual}");
    }
}

#[test]
fn homes_alone_add_up_to_the_community_without_trade() {
    let (community, expected) = golden("p10-24-11");
    let mut total = 0.0;
    for at in 0..community.homes.len() {
        let mut problem = HomeProblem::new(&community, at, 1).unwrap();
        total += problem.alone().unwrap().cost;
    }
    assert_close("sum", total, expected.cost_without_trade, 1e-6);
}

#[test]
fn the_central_trade_is_each_homes_best_response_to_the_prices() {
    let (community, _) = golden("p10-24-10");
    let optimum = solve_community(&community, Trading::Pool).unwrap();
    let prices = &optimum.prices;
    for (at, schedule) in optimum.homes.iter().enumerate() {
        let mut problem = HomeProblem::new(&community, at, 1).unwrap();
        let (value, _) = problem.best_response(prices).unwrap();
        let pairs = prices.iter().zip(&schedule.trade);
        let reached = pairs.map(|(p, x)| p * x).sum::<f64>() - optimum.costs[at];
        assert_close("value", reached, value, 1e-5);
        let settled = problem.settle(&schedule.trade).unwrap();
        assert_close("settled", settled.cost, optimum.costs[at], 1e-5);
    }
}

#[test]
fn partners_share_one_balance() {
    let (community, _) = golden("p10-24-10");
    let (horizon, partners) = (community.horizon, 3);
    let mut problem = HomeProblem::new(&community, 0, partners).unwrap();
    let prices = vec![0.3; horizon * partners];
    let centre = vec![0.2; horizon * partners];
    let answer = problem.respond(&prices, &centre, 1.0).unwrap();
    let home = &community.homes[0];
    answer.schedule.check(&community, home, 1e-5).unwrap();
    for t in 0..horizon {
        let to: Vec<f64> = (0..partners)
            .map(|j| answer.trade[j * horizon + t])
            .collect();
        assert!(to.iter().all(|x| (x - to[0]).abs() < 1e-5), "{to:?}");
        let net: f64 = to.iter().sum();
        assert!((net - answer.schedule.trade[t]).abs() < 1e-9);
    }
}

#[test]
fn homes_infeasible_alone_are_refused_with_the_reason() {
    let refusal = |change: fn(&mut Prosumer)| {
        let (mut community, _) = golden("p10-24-10");
        let home = &mut community.homes[2];
        change(home);
        match HomeProblem::new(&community, 2, 1) {
            Err(OptimError::InfeasibleHome { home: 3, reason }) => reason,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("accepted"),
        }
    };
    let reason = refusal(|home| home.grid_max_kw = 0.1);
    assert!(reason.contains("`grid_max_kw`, 0.1"), "{reason}");
    let reason = refusal(|home| {
        let hvac = home.hvac.as_mut().unwrap();
        (hvac.hvac_max_kw, hvac.temp_min_c) = (0.0, 21.5);
    });
    assert!(reason.contains("`temp_min_c`, 21.5"), "{reason}");
    let reason = refusal(|home| {
        home.storage = Some(Storage {
            power_kw: 0.01,
            soc_end: 0.9,
            ..battery(5.0)
        });
    });
    assert!(reason.starts_with("the battery ends with"), "{reason}");
}

#[test]
fn a_home_without_capacity_does_not_respond() {
    let (mut community, _) = golden("p10-24-10");
    community.tariff.dr_basis = DrBasis::Baseline;
    let home = &mut community.homes[2];
    (home.storage, home.shiftable, home.hvac) = (None, None, None);
    let mut equipped = community.clone();
    equipped.homes[2].storage = Some(battery(5.0));
    // Asked for in the hour in which the home with a battery buys most.
    let hour = busiest(&mut equipped);
    for community in [&mut community, &mut equipped] {
        community.tariff.dr_rate = (0..24).map(|t| f64::from(t == hour)).collect();
    }
    let sold = |community: &Community| {
        let mut own = community.clone();
        own.homes[2].dr_baseline_kw = baseline(community, 2).unwrap();
        let mut problem = HomeProblem::new(&own, 2, 1).unwrap();
        problem.alone().unwrap().schedule.demand_response
    };
    assert!(sold(&community).iter().all(|power| power.abs() < 1e-5));
    let responses = sold(&equipped);
    assert!(responses[hour] > 0.3, "{responses:?}");
    assert!(responses[(hour + 1) % 24].abs() < 1e-9);
    equipped.homes[2].demand_response = false;
    assert_eq!(baseline(&equipped, 2).unwrap(), None);
}

/// The hour of the third home's highest baseline.
fn busiest(community: &mut Community) -> usize {
    community.tariff.dr_rate = vec![1.0; 24];
    let bought = baseline(community, 2).unwrap().unwrap();
    let hours = 0..bought.len();
    hours
        .max_by(|&a, &b| bought[a].total_cmp(&bought[b]))
        .unwrap()
}

fn battery(energy_kwh: f64) -> Storage {
    Storage {
        energy_kwh,
        power_kw: energy_kwh / 3.0,
        discharge_power_kw: energy_kwh / 3.0,
        eta_charge: 0.95,
        eta_discharge: 0.95,
        soc_min: 0.1,
        soc_max: 0.95,
        soc_start: 0.5,
        soc_end: 0.5,
        wear: 0.01,
    }
}
