//! The exchange rules against f64 references and their own promises.

mod common;

use common::{Feeder, feeders, float, fx};
use gridweave_rules::exchange::{
    Answer, ExportRule, GenerationCost, MasterParams, Participant, Problem, VoltageParams,
    VoltageState, box_support, combine, evaluate, lower_bound_base, z_step,
};
use gridweave_units::{Acc, Fx};
use proptest::prelude::*;

const HORIZON: usize = 3;
const ALPHA: f64 = 5.0;
const BETA: [f64; HORIZON] = [30.0, 60.0, 45.0];

fn problem(feeder: &Feeder) -> Problem {
    let reactive: Vec<Fx> = feeder.q.iter().map(|&q| fx(q)).collect();
    Problem {
        network: feeder.network(),
        reactive: vec![reactive; HORIZON],
        v_min: fx(0.9025),
        v_max: fx(1.1025),
        cost: GenerationCost {
            alpha: fx(ALPHA),
            beta: BETA.iter().map(|&b| fx(b)).collect(),
        },
    }
}

fn rule(problem: &Problem) -> ExportRule {
    ExportRule::Multiplier {
        kappa: fx(100.0),
        previous: problem.cost.beta.clone(),
    }
}

/// Participants at every bus but the root, each with answers within `reach` of its injection.
fn participants(feeder: &Feeder, spread: &[f64], reach: f64) -> Vec<Participant> {
    (1..feeder.len())
        .map(|bus| {
            let answer = |k: usize| Answer {
                injection: (0..HORIZON)
                    .map(|t| {
                        fx(feeder.p[bus] + reach * spread[(bus * 7 + k * 3 + t) % spread.len()])
                    })
                    .collect(),
                cost: Fx::ZERO,
            };
            let mut participant = Participant::new(bus, answer(0));
            participant.push(answer(1));
            participant.push(answer(2));
            participant
        })
        .collect()
}

fn params(voltage: Option<VoltageParams>) -> MasterParams {
    MasterParams {
        passes: 5,
        linearizations: 2,
        voltage,
        update_multipliers: false,
    }
}

fn spreads() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-1.0..1.0f64, 11..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Where the feeder imports, the price is the marginal cost, and the executed cost does not
    /// rise. Weights stay on the simplex exactly.
    #[test]
    fn the_master_improves_feasible_plans(feeder in feeders(), spread in spreads()) {
        let problem = problem(&feeder);
        let mut importing = feeder;
        for p in &mut importing.p {
            *p = -0.021 - 0.1 * p.abs();
        }
        let mut agents = participants(&importing, &spread, 0.02);
        let rule = ExportRule::Clip { delta: fx(0.05) };
        let before = evaluate(&problem, &agents, &rule, None).cost;
        let mut multipliers = VoltageState::new(&problem);
        combine(&problem, &mut agents, &rule, &params(None), &mut multipliers);
        let after = evaluate(&problem, &agents, &rule, None).cost;
        prop_assert!(agents.iter().all(Participant::weights_are_valid));
        prop_assert!(float(after) <= float(before) + 1e-4);
    }

    /// Where it exports, one step may overshoot while the multiplier still moves; once it has
    /// settled the plan is no dearer than the first one.
    #[test]
    fn multipliers_settle_on_plans_that_cost_no_more(feeder in feeders(), spread in spreads()) {
        let problem = problem(&feeder);
        let mut agents = participants(&feeder, &spread, 0.2);
        let mut rule = rule(&problem);
        let first = evaluate(&problem, &agents, &rule, None);
        let mut best = float(first.cost);
        let mut multipliers = VoltageState::new(&problem);
        for _ in 0..30 {
            combine(&problem, &mut agents, &rule, &params(None), &mut multipliers);
            let evaluation = evaluate(&problem, &agents, &rule, None);
            best = best.min(float(evaluation.cost));
            rule = ExportRule::Multiplier { kappa: fx(100.0), previous: evaluation.energy };
            prop_assert!(agents.iter().all(Participant::weights_are_valid));
        }
        let last = float(evaluate(&problem, &agents, &rule, None).cost);
        prop_assert!(last <= best + 1e-3 * best.abs() + 5e-2, "{last} after {best}");
    }

    /// The bound is below the cost of every plan of agents whose sets are boxes, in particular of
    /// the plan that many rounds of best responses end with.
    #[test]
    fn the_certificate_is_a_lower_bound(feeder in feeders(), spread in spreads()) {
        let problem = problem(&feeder);
        let rule = rule(&problem);
        let reach = fx(0.05 + 0.1 * spread[0].abs());
        let boxes: Vec<(Vec<Fx>, Vec<Fx>)> = (1..feeder.len())
            .map(|bus| {
                let centre = fx(feeder.p[bus]);
                (vec![centre - reach; HORIZON], vec![centre + reach; HORIZON])
            })
            .collect();
        let mut agents: Vec<Participant> = (1..feeder.len())
            .map(|bus| {
                let injection = vec![fx(feeder.p[bus]); HORIZON];
                Participant::new(bus, Answer { injection, cost: Fx::ZERO })
            })
            .collect();
        let (mut best_bound, mut least_cost) = (f64::MIN, f64::MAX);
        let mut multipliers = VoltageState::new(&problem);
        for _ in 0..6 {
            let evaluation = evaluate(&problem, &agents, &rule, None);
            least_cost = least_cost.min(float(evaluation.cost));
            let plans: Vec<_> = agents.iter().map(|a| (a.bus, a.plan())).collect();
            let mut bound = lower_bound_base(&problem, &evaluation, &plans);
            for (agent, (lower, upper)) in agents.iter_mut().zip(&boxes) {
                let prices = evaluation.prices(agent.bus);
                bound -= box_support(&prices, lower, upper);
                let best = (0..HORIZON)
                    .map(|t| if prices[t].is_negative() { lower[t] } else { upper[t] })
                    .collect();
                agent.push(Answer { injection: best, cost: Fx::ZERO });
            }
            best_bound = best_bound.max(float(bound));
            combine(&problem, &mut agents, &rule, &params(None), &mut multipliers);
        }
        prop_assert!(best_bound <= least_cost + 1e-4, "{best_bound} above {least_cost}");
    }

    /// The step's price clears its own linearized exchange: `g(λ) = (λ − β)/2α` meets the need.
    #[test]
    fn the_exchange_step_is_optimal(feeder in feeders(), rho in 20.0..400.0f64) {
        let problem = problem(&feeder);
        let plans: Vec<_> = (1..feeder.len())
            .map(|bus| (bus, vec![fx(feeder.p[bus]); HORIZON]))
            .collect();
        let targets: Vec<_> = plans.iter().map(|(_, plan)| plan.clone()).collect();
        let step = z_step(&problem, &plans, &targets, fx(rho));
        let rule = rule(&problem);
        let agents: Vec<Participant> = plans
            .iter()
            .map(|(bus, plan)| {
                Participant::new(*bus, Answer { injection: plan.clone(), cost: Fx::ZERO })
            })
            .collect();
        let at = evaluate(&problem, &agents, &rule, None);
        for t in 0..HORIZON {
            let price = float(step.energy[t]);
            if price < 1e-6 {
                continue;
            }
            let (mut g, mut demand) = (float(at.generation[t]), 0.0);
            for i in 0..plans.len() {
                let a = float(step.prices[i][t]) / price;
                demand += a * (float(step.copies[i][t]) - float(targets[i][t]));
                prop_assert!((float(step.copies[i][t] - targets[i][t]) - a * price / rho).abs() < 1e-6);
            }
            g -= demand;
            if g > 1e-6 {
                prop_assert!((price - (2.0 * ALPHA * g + BETA[t])).abs() < 1e-3);
            } else {
                prop_assert!(price <= BETA[t] + 1e-6);
            }
        }
    }

    /// Prices of injection at a bus are `a·λ` plus the voltage part, and the split adds up.
    #[test]
    fn price_components_add_up(feeder in feeders(), spread in spreads()) {
        let problem = problem(&feeder);
        let rule = rule(&problem);
        let agents = participants(&feeder, &spread, 0.2);
        let voltage = VoltageParams { sigma: fx(2e4), margin: fx(1e-5), cap: fx(1e6) };
        let mut multipliers = VoltageState::new(&problem);
        let result = evaluate(&problem, &agents, &rule, Some((&voltage, &mut multipliers)));
        for bus in 0..feeder.len() {
            for (t, price) in result.prices(bus).into_iter().enumerate() {
                prop_assert_eq!(price, result.energy[t] + result.loss[t][bus] + result.voltage[t][bus]);
            }
        }
    }

    /// Absurd answers give absurd plans, never a panic, and weights stay valid.
    #[test]
    fn any_answers_are_survived(
        feeder in feeders(),
        bits in prop::collection::vec(any::<i64>(), 30..60),
    ) {
        let problem = problem(&feeder);
        let rule = rule(&problem);
        let mut agents: Vec<Participant> = (1..feeder.len())
            .map(|bus| {
                let number = |k: usize| Fx::from_bits(bits[(bus * 5 + k) % bits.len()]);
                let answer = |k: usize| Answer {
                    injection: (0..HORIZON).map(|t| number(k + t)).collect(),
                    cost: number(k + 9),
                };
                let mut participant = Participant::new(bus, answer(0));
                participant.push(answer(4));
                participant
            })
            .collect();
        let voltage = VoltageParams { sigma: fx(2e5), margin: fx(1e-4), cap: fx(1e6) };
        let mut multipliers = VoltageState::new(&problem);
        let settings = MasterParams { update_multipliers: true, ..params(Some(voltage.clone())) };
        combine(&problem, &mut agents, &rule, &settings, &mut multipliers);
        evaluate(&problem, &agents, &rule, Some((&voltage, &mut multipliers)));
        prop_assert!(agents.iter().all(Participant::weights_are_valid));
    }
}

/// Where injections are high and loads low, voltage multipliers push the plan back inside.
#[test]
fn the_voltage_master_respects_the_lower_limit() {
    let feeder = Feeder {
        branches: vec![(0, 0.03, 0.02), (1, 0.03, 0.02)],
        p: vec![0.0, -0.5, -1.6],
        q: vec![0.0, -0.2, -0.4],
    };
    let problem = problem(&feeder);
    let rule = rule(&problem);
    let mut agents: Vec<Participant> = (1..3)
        .map(|bus| {
            let flat = vec![fx(feeder.p[bus]); HORIZON];
            let mut relief = flat.clone();
            relief[1] += fx(1.2);
            let mut agent = Participant::new(
                bus,
                Answer {
                    injection: flat,
                    cost: Fx::ZERO,
                },
            );
            // Relief in hour 1 costs more than generation saves.
            agent.push(Answer {
                injection: relief,
                cost: fx(200.0),
            });
            agent
        })
        .collect();
    let before = evaluate(&problem, &agents, &rule, None);
    assert!(
        float(before.violation) > 0.01,
        "the day must be infeasible at first"
    );
    let mut multipliers = VoltageState::new(&problem);
    let voltage = VoltageParams {
        sigma: fx(2e5),
        margin: fx(1e-4),
        cap: fx(1e6),
    };
    let settings = MasterParams {
        passes: 20,
        linearizations: 10,
        voltage: Some(voltage),
        update_multipliers: true,
    };
    combine(&problem, &mut agents, &rule, &settings, &mut multipliers);
    let weight = agents[1].weights[1];
    assert!(weight > Fx::ratio(1, 10), "relief is used: {weight}");
    let plan = agents[1].plan();
    assert_eq!(plan.len(), HORIZON);
    assert!(Acc::norm_squared(&plan).is_positive());
}
