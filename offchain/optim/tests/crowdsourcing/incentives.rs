//! The incentives C(2).

use gridweave_optim::crowdsourcing::{Answered, BudgetPays, Candidate, IncentiveProblem, Response};

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
