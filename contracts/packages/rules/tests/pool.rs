//! Pools of members with quadratic costs against their closed-form optimum.

mod common;

use common::{float, fx};
use gridweave_rules::pool::{
    Share, WeightSchedule, balanced, imbalance, price_step, relaxed, settlement_price,
};
use gridweave_units::Fx;
use proptest::prelude::*;

/// A member whose cost of selling `x` is `stiffness/2·(x − goal)²`.
#[derive(Debug, Clone, Copy)]
struct Member {
    goal: f64,
    stiffness: f64,
    mobility: i32,
}

impl Member {
    /// `argmin f(x) − λx + ρ/2·(x − c)²`.
    fn respond(self, price: f64, centre: f64, rho: f64) -> f64 {
        (self.stiffness * self.goal + price + rho * centre) / (self.stiffness + rho)
    }
}

fn members() -> impl Strategy<Value = Vec<Member>> {
    let member = (-3.0..3.0f64, 0.2..5.0f64, 1..5i32);
    let member = member.prop_map(|(goal, stiffness, mobility)| Member {
        goal,
        stiffness,
        mobility,
    });
    prop::collection::vec(member, 2..12)
}

/// Price and plans after `rounds` rounds.
fn run(members: &[Member], rounds: u32) -> (f64, Vec<Fx>) {
    let weights = WeightSchedule {
        start: Fx::ratio(1, 2),
        growth: Fx::ratio(11, 10),
        last: 8,
    };
    let mobility = Fx::from_int(members.iter().map(|m| m.mobility).sum());
    let share = |m: &Member| Share::of(Fx::from_int(m.mobility), mobility);
    let mut price = vec![Fx::ZERO];
    let mut copies = vec![vec![Fx::ZERO]; members.len()];
    let mut plans = Vec::new();
    for round in 1..=rounds {
        let rho = weights.at(round);
        let answers: Vec<Vec<Fx>> = (members.iter().zip(&copies))
            .map(|(m, copy)| {
                let own = float(rho) / f64::from(m.mobility);
                vec![fx(m.respond(float(price[0]), float(copy[0]), own))]
            })
            .collect();
        let total = |rows: &[Vec<Fx>]| vec![rows.iter().map(|row| row[0]).sum::<Fx>()];
        let sum = total(&answers);
        plans = (members.iter().zip(&answers))
            .map(|(m, x)| balanced(x, &sum, share(m))[0])
            .collect();
        let targets: Vec<Vec<Fx>> = (answers.iter().zip(&copies))
            .map(|(x, copy)| relaxed(x, copy, Fx::ratio(3, 2)))
            .collect();
        let excess = total(&targets);
        price = price_step(&price, &excess, rho, mobility);
        copies = (members.iter().zip(&targets))
            .map(|(m, w)| balanced(w, &excess, share(m)))
            .collect();
    }
    (float(price[0]), plans)
}

proptest! {
    #[test]
    fn plans_balance_and_prices_reach_the_optimum(members in members()) {
        // x = goal + λ/stiffness, and the sum vanishes.
        let give: f64 = members.iter().map(|m| 1.0 / m.stiffness).sum();
        let optimum = -members.iter().map(|m| m.goal).sum::<f64>() / give;
        let (price, plans) = run(&members, 400);
        prop_assert!((price - optimum).abs() < 1e-4, "{price} {optimum}");
        for (m, plan) in members.iter().zip(&plans) {
            let expected = m.goal + optimum / m.stiffness;
            prop_assert!((float(*plan) - expected).abs() < 1e-3, "{plan} {expected}");
        }
    }

    #[test]
    fn every_plan_balances_but_for_the_last_places(members in members(), rounds in 1..20u32) {
        let (_, plans) = run(&members, rounds);
        let left: Fx = plans.iter().copied().sum();
        // Every part is rounded once.
        prop_assert!(left.abs() <= Fx::from_bits(members.len() as i64), "{left}");
    }
}

#[test]
fn ten_thousand_plans_balance_to_the_watt_hour() {
    let mobilities = (0..10_000).map(|member| Fx::from_int(if member % 3 == 0 { 4 } else { 1 }));
    let mobilities: Vec<Fx> = mobilities.collect();
    let mobility: Fx = mobilities.iter().copied().sum();
    let answer = vec![Fx::ratio(29, 10)];
    let total = vec![Fx::from_int(29_000)];
    let plans = mobilities.iter().map(|&own| {
        let plan = balanced(&answer, &total, Share::of(own, mobility));
        plan[0]
    });
    let left: Fx = plans.sum();
    // A hundredth of a watt.
    assert!(left.abs() < Fx::ratio(1, 100_000), "{left}");
}

#[test]
fn imbalance_is_relative_to_the_volume() {
    let [a, b] = [[3, -1], [-1, -1]].map(|row| row.map(Fx::from_int));
    let total: Vec<Fx> = a.iter().zip(&b).map(|(&x, &y)| x + y).collect();
    let volume: Vec<Fx> = a.iter().zip(&b).map(|(x, y)| x.abs() + y.abs()).collect();
    let off = imbalance(&total, &volume) - Fx::ratio(4, 6);
    assert!(off.abs() <= Fx::from_bits(2), "{off}");
    assert_eq!(imbalance(&[Fx::ZERO], &[Fx::ZERO]), Fx::ZERO);
}

#[test]
fn trades_are_paid_at_the_middle_of_two_prices() {
    let [before, after] = [[1, -2], [2, 2]].map(|row| row.map(Fx::from_int));
    let middle = settlement_price(&before, &after);
    assert_eq!(middle, [Fx::ratio(3, 2), Fx::ZERO]);
}
