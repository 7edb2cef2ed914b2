//! The equilibrium C(1).

use gridweave_model::crowdsourcing::Crowd;
use gridweave_model::{Instance, Scenario, UserCost};
use gridweave_optim::crowdsourcing::equilibrium;
use gridweave_optim::{SiteProblem, solve_central};

use crate::common;

fn with_costs(mut instance: Instance, cost: UserCost) -> Instance {
    for site in &mut instance.sites {
        site.user_cost = cost;
    }
    instance
}

#[test]
fn without_user_costs_the_equilibrium_is_the_central_optimum() {
    let plain = solve_central(&common::small()).unwrap();
    let free = with_costs(common::small(), UserCost::default());
    assert_eq!(solve_central(&free).unwrap(), plain);
}

#[test]
fn user_costs_are_counted_and_change_the_use_of_devices() {
    let plain = common::small();
    let cost = UserCost {
        battery_wear: 200.0,
        shapable_discomfort: 30.0,
    };
    let costly = with_costs(plain.clone(), cost);
    let (without, with) = (
        solve_central(&plain).unwrap(),
        solve_central(&costly).unwrap(),
    );
    let moved = |solution: &gridweave_optim::CentralSolution| -> f64 {
        let sites = solution.sites.iter();
        sites
            .flat_map(|site| site.charge.iter().chain(&site.discharge))
            .sum()
    };
    assert!(moved(&with) < 0.1 * moved(&without));
    let generators: f64 = with
        .generation
        .iter()
        .zip(&costly.generator.beta)
        .map(|(g, beta)| costly.generator.alpha * g * g + beta * g)
        .sum();
    let local: f64 = costly
        .sites
        .iter()
        .zip(&with.sites)
        .map(|(site, schedule)| {
            let own: f64 = site
                .generators
                .iter()
                .flat_map(|generator| {
                    let terms = schedule.generation.iter().zip(&generator.beta);
                    terms.map(|(g, beta)| generator.alpha * g * g + beta * g)
                })
                .sum();
            let wear: f64 = schedule.charge.iter().chain(&schedule.discharge).sum();
            let uneven: f64 = schedule.shapable.iter().map(|p| p * p).sum();
            own + cost.battery_wear * wear + cost.shapable_discomfort * uneven
        })
        .sum();
    assert!((generators + local - with.cost).abs() < 1e-4 * with.cost);
}

/// What the coordinator asks of a site is answered with the owner's costs, so at the prices of the
/// equilibrium the best response is the equilibrium.
#[test]
fn at_equilibrium_prices_a_site_answers_its_setpoints() {
    let cost = UserCost {
        battery_wear: 8.0,
        shapable_discomfort: 30.0,
    };
    let instance = with_costs(common::small(), cost);
    let solution = solve_central(&instance).unwrap();
    for bus in 1..instance.sites.len() {
        let site = &instance.sites[bus];
        if !site.has_private_cost() {
            continue;
        }
        let mut problem = SiteProblem::new(&instance, bus).unwrap();
        let prices = &solution.dlmp[bus];
        let (value, _) = problem.best_response(prices).unwrap();
        let there = problem.respond(&solution.injections[bus], 1e5).unwrap();
        let at_setpoints = common::dot(prices, &there.injection) - there.cost;
        let scale = common::dot(prices, prices).sqrt();
        assert!(
            (value - at_setpoints).abs() < 2e-4 * scale,
            "bus {bus}: {value} {at_setpoints}"
        );
    }
}

fn shipped() -> (Instance, Crowd) {
    let scenario = Scenario::shipped("ces-56").unwrap();
    let instance = scenario.build().unwrap();
    let crowd = scenario.crowd(&instance).unwrap().unwrap();
    (instance, crowd)
}

#[test]
fn the_shipped_day_has_an_exact_equilibrium_that_counts_on_the_crowd() {
    let (instance, crowd) = shipped();
    let solution = solve_central(&instance).unwrap();
    assert!(solution.is_exact(), "gap {:e}", solution.relaxation_gap);
    let parts = equilibrium(&instance, &crowd, &solution);
    assert_eq!(parts.len(), crowd.crowdsourcees.len());
    let evening: f64 = parts.iter().map(|part| part.beyond[18]).sum();
    assert!(evening > 0.1, "{evening} pu");
    for (who, part) in crowd.crowdsourcees.iter().zip(&parts) {
        assert_eq!(part.setpoints, solution.injections[who.bus]);
        assert!(part.beyond.iter().all(|&power| power >= 0.0));
        assert!(part.price.iter().all(|&price| price > 0.0));
    }
}
