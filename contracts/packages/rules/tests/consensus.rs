//! The Douglas–Rachford form against the textbook ADMM of M(15)–M(18) in f64.

mod common;

use common::{float, fx};
use gridweave_rules::consensus::{Coupling, aggregate, dual, member_copy, shift, target};
use gridweave_rules::distance_squared;
use gridweave_units::{Acc, Fx};
use proptest::prelude::*;

/// An agent that wants to be at `goal` with weight `stiffness`, inside a box.
#[derive(Debug, Clone)]
struct Agent {
    goal: f64,
    stiffness: f64,
    limit: f64,
}

impl Agent {
    /// `argmin stiffness/2 (x − goal)² + ρ/2 (x − c)²` within the box.
    fn respond(&self, centre: f64, rho: f64) -> f64 {
        let x = (self.stiffness * self.goal + rho * centre) / (self.stiffness + rho);
        x.clamp(-self.limit, self.limit)
    }
}

fn agents() -> impl Strategy<Value = Vec<Agent>> {
    let agent = (-3.0..3.0f64, 0.1..10.0f64, 0.5..4.0f64);
    prop::collection::vec(agent, 2..8).prop_map(|list| {
        list.into_iter()
            .map(|(goal, stiffness, limit)| Agent {
                goal,
                stiffness,
                limit,
            })
            .collect()
    })
}

/// M(15)–M(17) with copies and duals of their own; `project` maps all copies to all z.
fn textbook(
    agents: &[Agent],
    rho: f64,
    rounds: usize,
    project: impl Fn(&[f64]) -> Vec<f64>,
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let n = agents.len();
    let (mut x, mut z, mut xi) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for _ in 0..rounds {
        for i in 0..n {
            x[i] = agents[i].respond(z[i] - xi[i] / rho, rho);
        }
        // The general projection acts on x + ξ/ρ; for Average the ξ cancel, M(16).
        let moved: Vec<f64> = (0..n).map(|i| x[i] + xi[i] / rho).collect();
        z = project(&moved);
        for i in 0..n {
            xi[i] += rho * (x[i] - z[i]);
        }
    }
    (x, z, xi)
}

/// The same with the rules, α = 1.
fn by_rules(
    agents: &[Agent],
    rho: f64,
    rounds: usize,
    coupling: Coupling,
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let n = agents.len();
    let mut w = vec![vec![Fx::ZERO]; n];
    let mut x = vec![0.0; n];
    let copies = |w: &[Vec<Fx>]| -> Vec<Vec<Fx>> {
        let mut sum = vec![Fx::ZERO];
        for (i, own) in w.iter().enumerate() {
            sum[0] += coupling.sign(i) * own[0];
        }
        let mean = aggregate(&sum, n as u32);
        (0..n)
            .map(|i| member_copy(coupling, coupling.sign(i), &mean, &w[i]))
            .collect()
    };
    for _ in 0..rounds {
        let z = copies(&w);
        for i in 0..n {
            let centre = float(target(&z[i], &w[i])[0]);
            x[i] = agents[i].respond(centre, rho);
            let step = shift(&[fx(x[i])], &z[i], Fx::ONE);
            w[i][0] += step[0];
        }
    }
    let z = copies(&w);
    let xi = (0..n)
        .map(|i| float(dual(&z[i], &w[i], fx(rho))[0]))
        .collect();
    (x, z.iter().map(|z| float(z[0])).collect(), xi)
}

fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < tolerance)
}

proptest! {
    #[test]
    fn average_is_m16_and_m17(agents in agents(), rho in 0.5..50.0f64, rounds in 1usize..30) {
        let n = agents.len() as f64;
        let reference = textbook(&agents, rho, rounds, |moved| {
            vec![moved.iter().sum::<f64>() / n; moved.len()]
        });
        let rules = by_rules(&agents, rho, rounds, Coupling::Average);
        prop_assert!(close(&reference.0, &rules.0, 1e-6));
        prop_assert!(close(&reference.1, &rules.1, 1e-6));
        prop_assert!(close(&reference.2, &rules.2, 1e-5));
    }

    #[test]
    fn opposite_is_y16(agents in agents(), rho in 0.5..50.0f64, rounds in 1usize..30) {
        let pair = &agents[..2];
        let reference = textbook(pair, rho, rounds, |moved| {
            let z = (moved[0] - moved[1]) / 2.0;
            vec![z, -z]
        });
        let rules = by_rules(pair, rho, rounds, Coupling::Opposite);
        prop_assert!(close(&reference.1, &rules.1, 1e-6));
        prop_assert!(close(&reference.2, &rules.2, 1e-5));
        prop_assert!((rules.1[0] + rules.1[1]).abs() < 1e-9);
    }

    #[test]
    fn sum_zero_is_the_pool(agents in agents(), rho in 0.5..50.0f64, rounds in 1usize..30) {
        let n = agents.len() as f64;
        let reference = textbook(&agents, rho, rounds, |moved| {
            let mean = moved.iter().sum::<f64>() / n;
            moved.iter().map(|value| value - mean).collect()
        });
        let rules = by_rules(&agents, rho, rounds, Coupling::SumZero);
        prop_assert!(close(&reference.0, &rules.0, 1e-6));
        prop_assert!(rules.1.iter().sum::<f64>().abs() < 1e-7);
    }

    /// Residual norms M(18) at full width: relative error below 2⁻³⁰.
    #[test]
    fn norms_match(values in prop::collection::vec((-50.0..50.0f64, -50.0..50.0f64), 1..200)) {
        let a: Vec<Fx> = values.iter().map(|v| fx(v.0)).collect();
        let b: Vec<Fx> = values.iter().map(|v| fx(v.1)).collect();
        let reference = values.iter().map(|v| (v.0 - v.1).powi(2)).sum::<f64>().sqrt();
        let mut total = Acc::ZERO;
        total.add(distance_squared(&a, &b));
        prop_assert!((float(total.sqrt()) - reference).abs() <= 1e-8 + reference * 1e-9);
    }
}
