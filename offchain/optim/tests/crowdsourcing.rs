//! The equilibrium C(1) and the incentives C(2).

mod common;

use gridweave_model::crowdsourcing::Crowd;
use gridweave_model::{Instance, Scenario, UserCost};
use gridweave_optim::crowdsourcing::{
    Answered, BudgetPays, Candidate, IncentiveDesign, IncentiveProblem, Offer, Response,
    equilibrium,
};
use gridweave_optim::{SiteProblem, solve_central};
use proptest::prelude::*;

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

fn person(price: f64, available: f64, least: f64) -> Candidate {
    Candidate {
        price,
        available,
        equilibrium: available,
        eta: 1.5,
        zeta: 20.0,
        least,
        most: 150.0,
        response: None,
    }
}

fn problem(candidates: Vec<Candidate>, shortage: f64, budget: f64) -> IncentiveProblem {
    IncentiveProblem {
        candidates,
        shortage,
        budget,
        budget_pays: BudgetPays::EnergyAndIncentive,
    }
}

#[test]
fn the_cheapest_are_asked_first_at_their_least_incentives() {
    let crowd = vec![
        person(100.0, 0.2, 30.0),
        person(100.0, 0.2, 10.0),
        person(100.0, 0.2, 50.0),
    ];
    let design = problem(crowd, 0.3, 1_000.0).solve().unwrap();
    assert_eq!(design.answered, Answered::Design);
    let deliveries: Vec<f64> = design.offers.iter().map(|offer| offer.delivery).collect();
    for (found, expected) in deliveries.iter().zip([0.1, 0.2, 0.0]) {
        assert!((found - expected).abs() < 1e-6, "{deliveries:?}");
    }
    assert_eq!(design.offers[0].incentive, 30.0);
    // Without a response the linearised program is exact: each incentive is the least one.
    assert!(design.relaxation_gap() < 1e-6);
    assert_eq!(design.rounds, 1);
}

#[test]
fn a_small_budget_covers_what_it_can() {
    let crowd = vec![person(100.0, 0.2, 30.0), person(100.0, 0.2, 10.0)];
    // 0.2 at 110 and what is left of 30 at 130.
    let design = problem(crowd.clone(), 0.4, 30.0).solve().unwrap();
    assert_eq!(design.answered, Answered::Coverage);
    assert!(
        (design.covered - (0.2 + 8.0 / 130.0)).abs() < 1e-6,
        "{}",
        design.covered
    );
    assert!(design.spending <= 30.0 + 1e-9);
    let nothing = problem(crowd, 0.4, 0.0).solve().unwrap();
    assert_eq!(
        (nothing.answered, nothing.covered),
        (Answered::Coverage, 0.0)
    );
    let nobody = problem(vec![], 0.4, 10.0).solve().unwrap();
    assert_eq!((nobody.answered, nobody.covered), (Answered::Coverage, 0.0));
}

#[test]
fn a_reliable_crowdsourcee_is_held_at_its_equilibrium() {
    let mut crowd = vec![person(100.0, 0.2, 10.0), person(100.0, 0.2, 10.0)];
    (crowd[0].equilibrium, crowd[1].equilibrium) = (0.05, 0.15);
    let design = problem(crowd, 0.2, 1_000.0).solve().unwrap();
    for (offer, expected) in design.offers.iter().zip([0.05, 0.15]) {
        assert!((offer.delivery - expected).abs() < 1e-6);
    }
}

#[test]
fn a_response_leaves_the_relaxation_loose_and_tangents_close_it() {
    let rises = |least: f64| Candidate {
        zeta: 0.0,
        response: Some(Response {
            base: 0.0,
            gain: 0.002,
        }),
        ..person(100.0, 0.2, least)
    };
    let design = problem(vec![rises(0.0), rises(0.0)], 0.2, 1_000.0)
        .solve()
        .unwrap();
    assert_eq!(design.answered, Answered::Design);
    // By symmetry and convexity both deliver half, at an incentive of 50.
    for offer in &design.offers {
        assert!((offer.delivery - 0.1).abs() < 1e-3, "{offer:?}");
        assert!((offer.incentive - 50.0).abs() < 0.5, "{offer:?}");
    }
    assert!((design.objective - 1.5 * 0.2 * 150.0).abs() < 1e-3);
    assert!(
        design.relaxation < design.objective * 0.97,
        "{}",
        design.relaxation
    );
    assert!((design.bound / design.objective - 1.0).abs() < 1e-5);
    assert!(design.distance > 1.0 && design.rounds > 1);
}

#[test]
fn bad_values_are_named() {
    let refusal = |change: fn(&mut IncentiveProblem)| {
        let mut bad = problem(vec![person(100.0, 0.2, 10.0)], 0.1, 10.0);
        change(&mut bad);
        bad.solve().unwrap_err().to_string()
    };
    assert_eq!(
        refusal(|p| p.budget = -1.0),
        "budget is -1, expected 0 or more"
    );
    assert_eq!(
        refusal(|p| p.candidates[0].most = 5.0),
        "candidate 0: most is 5, expected at least `least`"
    );
    assert_eq!(
        refusal(|p| p.candidates[0].eta = f64::NAN),
        "candidate 0: eta is NaN, expected 0 or more"
    );
    assert_eq!(
        refusal(|p| p.candidates[0].response = Some(Response {
            base: 0.0,
            gain: 0.0
        })),
        "candidate 0: response.gain is 0, expected above 0"
    );
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let response = proptest::option::of((0.0..0.1, 0.0005..0.01));
    let person = (
        (20.0..150.0, 0.01..0.3, 0.0..0.3),
        (1.0..8.0, 0.0..150.0),
        (0.0..100.0, 10.0..100.0),
        response,
    );
    let person = person.prop_map(
        |((price, available, equilibrium), (eta, zeta), (least, room), response)| Candidate {
            price,
            available,
            equilibrium,
            eta,
            zeta,
            least,
            most: least + room,
            response: response.map(|(base, gain)| Response { base, gain }),
        },
    );
    proptest::collection::vec(person, 1..6)
}

fn pays() -> impl Strategy<Value = BudgetPays> {
    prop_oneof![
        Just(BudgetPays::EnergyAndIncentive),
        Just(BudgetPays::Incentive)
    ]
}

/// Offers at a share of what everybody can be brought to deliver.
fn sample(problem: &IncentiveProblem, shares: &[f64], extra: f64) -> Vec<Offer> {
    let pairs = problem.candidates.iter().zip(shares.iter().cycle());
    pairs
        .map(|(who, share)| {
            let reach = who
                .response
                .map_or(f64::INFINITY, |r| r.base + r.gain * (who.most - who.least));
            let delivery = share * who.available.min(reach);
            let needed = who
                .response
                .map_or(0.0, |r| ((delivery - r.base) / r.gain).max(0.0));
            let incentive = who.least + needed;
            Offer {
                delivery,
                incentive: incentive + extra * (who.most - incentive).max(0.0),
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_relaxation_is_a_bound_and_the_offers_are_feasible(
        candidates in candidates(), pays in pays(), want in 0.05..1.2, budget in 0.5..60.0,
        shares in proptest::collection::vec(0.0..1.0, 6), extra in 0.0..1.0,
    ) {
        let all: f64 = candidates.iter().map(|who| who.available).sum();
        let problem = IncentiveProblem {
            candidates, shortage: want * all, budget, budget_pays: pays,
        };
        let design = problem.solve().unwrap();
        prop_assert!(problem.spending(&design.offers) <= budget * (1.0 + 1e-9));
        let close = 1e-6 * (1.0 + design.value.abs());
        let IncentiveDesign { answered, relaxation, bound, value, .. } = design;
        match answered {
            Answered::Design => {
                prop_assert!(problem.violation(&design.offers) < 1e-6);
                prop_assert!(relaxation <= value + close && bound <= value + close);
                prop_assert!(relaxation <= bound + close);
                prop_assert!((value - bound).abs() < 1e-4 * (1.0 + value.abs()), "{value} {bound}");
                // No feasible point beats the bound.
                let other = sample(&problem, &shares, extra);
                if problem.violation(&other) <= 0.0 {
                    prop_assert!(problem.objective(&other) >= value - 1e-3 * (1.0 + value.abs()));
                }
            }
            Answered::Coverage => {
                prop_assert!(design.covered <= problem.shortage * (1.0 + 1e-4));
                prop_assert!(relaxation >= value - close && bound >= value - close);
                prop_assert!((value - bound).abs() < 1e-4 * (1.0 + value.abs()), "{value} {bound}");
            }
        }
    }

    #[test]
    fn coverage_rises_with_the_budget(
        candidates in candidates(), pays in pays(), budget in 0.5..30.0, more in 0.0..30.0,
    ) {
        let all: f64 = candidates.iter().map(|who| who.available).sum();
        let with = |budget| IncentiveProblem {
            candidates: candidates.clone(), shortage: 2.0 * all, budget, budget_pays: pays,
        };
        let (less, more) = (with(budget).solve().unwrap(), with(budget + more).solve().unwrap());
        prop_assert_eq!((less.answered, more.answered), (Answered::Coverage, Answered::Coverage));
        prop_assert!(more.covered >= less.covered - 1e-4 * all);
    }
}
