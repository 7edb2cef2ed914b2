//! From a point of the linearised program to offers that C(2) itself admits.

use super::incentives::{Candidate, IncentiveProblem, Offer};

/// Halvings of the way from a safe point to a better one.
const HALVINGS: usize = 50;

/// Offers of the deliveries `u`, each at the least incentive that brings it: objective and spending
/// rise with the incentive, so no other incentive is better.
pub(super) fn offers(problem: &IncentiveProblem, deliveries: &[f64]) -> Vec<Offer> {
    let pairs = problem.candidates.iter().zip(deliveries);
    pairs
        .map(|(who, &delivery)| {
            let delivery = delivery.clamp(0.0, who.reach());
            Offer {
                delivery,
                incentive: who.least_incentive(delivery),
            }
        })
        .collect()
}

/// The point nearest to `wanted` on the way from `safe`, which keeps the budget, that keeps it too.
/// Spending is convex in the deliveries, since incentives are the least ones.
pub(super) fn within_budget(problem: &IncentiveProblem, safe: &[f64], wanted: &[f64]) -> Vec<f64> {
    let keeps =
        |deliveries: &[f64]| problem.spending(&offers(problem, deliveries)) <= problem.budget;
    if keeps(wanted) {
        return wanted.to_vec();
    }
    let mix = |share: f64| -> Vec<f64> {
        let pairs = safe.iter().zip(wanted);
        pairs.map(|(a, b)| a + share * (b - a)).collect()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if keeps(&mix(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    mix(low)
}

/// How far an offer is outside `U` and the range of incentives, relative to availability and the
/// largest incentive.
pub(super) fn excesses(who: &Candidate, offer: Offer) -> [f64; 4] {
    let power = who.available.max(f64::MIN_POSITIVE);
    let price = who.most.max(f64::MIN_POSITIVE);
    let willing = who.response.map_or(0.0, |response| {
        offer.delivery - response.base - response.gain * (offer.incentive - who.least)
    });
    let incentive = (who.least - offer.incentive).max(offer.incentive - who.most);
    [
        -offer.delivery / power,
        (offer.delivery - who.available) / power,
        willing / power,
        incentive / price,
    ]
}
