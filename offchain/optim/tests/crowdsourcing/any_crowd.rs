//! The incentives C(2) of any crowd.

use gridweave_optim::crowdsourcing::{
    Answered, BudgetPays, Candidate, IncentiveDesign, IncentiveProblem, Offer, Response,
};
use proptest::prelude::*;

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
