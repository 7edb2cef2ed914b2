//! Predicted state of one interval of the combination master.

use gridweave_units::{Acc, Fx};

use super::ExportRule;
use super::linearization::Linearization;
use super::problem::Problem;
use super::voltage::{VoltageParams, VoltageState};
use crate::distflow::adjoint;

/// Distance (squared per unit) to the lower limit within which a bus is watched.
const WATCH_BAND: Fx = Fx::from_bits((1 << 32) / 100);

/// Predicted state of one interval while weights move.
pub(super) struct Hour {
    /// Root generation `ĝ`.
    pub generation: Fx,
    /// Loss curvature `2λ r/v` per branch.
    pub curvature: Vec<Fx>,
    /// Change of injection below each branch, `Δf`.
    pub shift: Vec<Fx>,
    /// Squared voltages.
    pub voltage: Vec<Fx>,
    /// Buses whose voltage is priced or nearly so.
    pub watched: Vec<usize>,
    /// `a_i` per bus.
    pub factor: Vec<Fx>,
    /// Ratio of exact to tree sensitivity of the priced voltages, per bus.
    pub scale: Vec<Fx>,
}

impl Hour {
    /// The state at a linearization.
    pub fn new(
        problem: &Problem,
        rule: &ExportRule,
        at: &Linearization,
        t: usize,
        voltage: Option<(&VoltageParams, &VoltageState)>,
    ) -> Self {
        let network = &problem.network;
        let flow = &at.flows[t];
        let price = problem.cost.marginal(rule, t, flow.generation).price;
        let losses = at.loss_gradient(problem, t);
        let curvature = (0..network.len())
            .map(|bus| (price + price) * network.r(bus) / flow.v_parent(network, bus))
            .collect();
        let mut hour = Self {
            generation: flow.generation,
            curvature,
            shift: vec![Fx::ZERO; network.len()],
            voltage: flow.v.clone(),
            watched: Vec::new(),
            factor: losses.into_iter().map(|loss| Fx::ONE - loss).collect(),
            scale: vec![Fx::ONE; network.len()],
        };
        if let Some((params, state)) = voltage {
            hour.watch(problem, params, &state.multipliers[t]);
            if !hour.watched.is_empty() {
                hour.rescale(problem, at, t, params, &state.multipliers[t]);
            }
        }
        hour
    }

    fn watch(&mut self, problem: &Problem, params: &VoltageParams, multipliers: &[Fx]) {
        let near = problem.v_min + params.margin.max(WATCH_BAND);
        self.watched = (1..problem.network.len())
            .filter(|&bus| {
                let v = self.voltage[bus];
                v < near || v > problem.v_max || !multipliers[bus].is_zero()
            })
            .collect();
    }

    /// Corrects tree sensitivities by the exact adjoint of the priced voltages:
    /// `k = clip(adj/Σν·u, 0.5, 2)`.
    fn rescale(
        &mut self,
        problem: &Problem,
        at: &Linearization,
        t: usize,
        params: &VoltageParams,
        multipliers: &[Fx],
    ) {
        let network = &problem.network;
        let flow = &at.flows[t];
        let mut seed = vec![Fx::ZERO; network.len()];
        for bus in 1..network.len() {
            seed[bus] = params.force(problem, multipliers[bus], flow.v[bus]).value;
        }
        if seed.iter().all(|force| force.is_zero()) {
            let lowest = (1..network.len()).min_by_key(|&bus| flow.v[bus]);
            seed[lowest.unwrap_or(0)] = Fx::ONE;
        }
        let exact = adjoint(network, flow, Fx::ZERO, Some(&seed));
        network.accumulate_up(&mut seed);
        let mut tree = vec![Fx::ZERO; network.len()];
        for bus in 1..network.len() {
            let r = network.r(bus);
            tree[bus] = tree[network.parent(bus)] + (r + r) * seed[bus];
            if !tree[bus].is_zero() {
                let ratio = exact[bus] / tree[bus];
                self.scale[bus] = ratio.clamp(Fx::ratio(1, 2), Fx::from_int(2));
            }
        }
    }

    /// `Σ_path 2λ(r/v)·Δf`.
    pub fn loss_slope(&self, path: &[usize]) -> Fx {
        let mut sum = Acc::ZERO;
        for &branch in path {
            sum.add_product(self.curvature[branch], self.shift[branch]);
        }
        sum.to_fx()
    }
}
