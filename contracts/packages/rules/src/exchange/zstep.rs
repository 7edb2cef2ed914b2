//! Plain exchange ADMM: the coordinator's step in closed form.

use gridweave_units::{Acc, Fx};

use super::linearization::Linearization;
use super::problem::Problem;
use crate::add_scaled;

/// Result of [`z_step`]; rows per participant, `T` numbers each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZStep {
    /// The coordinator's copies `z`.
    pub copies: Vec<Vec<Fx>>,
    /// Energy price `λ_t`.
    pub energy: Vec<Fx>,
    /// Prices `a_i·λ_t`.
    pub prices: Vec<Vec<Fx>>,
    /// `Σ_t[λg − conj] + Σ_i π_i·plan_i` at the linearization point: see the certificate.
    pub dual_value: Fx,
}

/// `z = argmin Σ_t C_t(g_t) + Σ_i ρ/2‖z_i − w_i‖²` with `g` linearized at `plans`:
/// `z = w + aλ/ρ`, `K = Σa²/ρ`, `S = Σa·w`, `g = max(0, (L0 − S − Kβ)/(1 + 2αK))`.
///
/// `plans` are `(bus, T numbers)` per participant, `targets` the `w_i`.
pub fn z_step(
    problem: &Problem,
    plans: &[(usize, Vec<Fx>)],
    targets: &[Vec<Fx>],
    rho: Fx,
) -> ZStep {
    let at = Linearization::at(problem, plans);
    let mut step = ZStep {
        copies: targets.to_vec(),
        energy: Vec::with_capacity(problem.horizon()),
        prices: targets.to_vec(),
        dual_value: Fx::ZERO,
    };
    for t in 0..problem.horizon() {
        let losses = at.loss_gradient(problem, t);
        let a: Vec<Fx> = plans
            .iter()
            .map(|(bus, _)| Fx::ONE - losses[*bus])
            .collect();
        let price = clearing_price(problem, t, at.flows[t].generation, &a, plans, targets, rho);
        step.energy.push(price);
        for (i, &factor) in a.iter().enumerate() {
            let bus_price = factor * price;
            step.prices[i][t] = bus_price;
            step.copies[i][t] = targets[i][t] + bus_price / rho;
        }
    }
    let value: Fx = (0..plans.len())
        .map(|i| Acc::dot(&step.prices[i], &plans[i].1).to_fx())
        .sum();
    step.dual_value = problem.cost.dual_value(&step.energy, &at.generation()) + value;
    step
}

/// The energy price at which generation meets the linearized exchange.
fn clearing_price(
    problem: &Problem,
    t: usize,
    generation: Fx,
    a: &[Fx],
    plans: &[(usize, Vec<Fx>)],
    targets: &[Vec<Fx>],
    rho: Fx,
) -> Fx {
    let (mut k, mut s, mut l0) = (Acc::ZERO, Acc::ZERO, Acc::from_fx(generation));
    for (i, &factor) in a.iter().enumerate() {
        k.add_product(factor, factor);
        s.add_product(factor, targets[i][t]);
        l0.add_product(factor, plans[i].1[t]);
    }
    let (k, need) = (k.to_fx() / rho, l0.to_fx() - s.to_fx());
    let two_alpha = problem.cost.alpha + problem.cost.alpha;
    let beta = problem.cost.beta[t];
    let g = (need - k * beta) / (Fx::ONE + two_alpha * k);
    if g.is_positive() {
        two_alpha * g + beta
    } else {
        (need / k).clamp(Fx::ZERO, beta)
    }
}

/// The centre of an agent's query: `c = y + π/ρ`.
pub fn centre(plan: &[Fx], prices: &[Fx], rho: Fx) -> Vec<Fx> {
    plan.iter()
        .zip(prices)
        .map(|(&y, &price)| y + price / rho)
        .collect()
}

/// Over-relaxed update `w ← w + α(x − z)`.
pub fn relaxed_update(target: &mut [Fx], answer: &[Fx], copy: &[Fx], relaxation: Fx) {
    let gap = crate::difference(answer, copy);
    add_scaled(target, relaxation, &gap);
}
